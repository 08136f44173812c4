import DNS
import MailTesting
import Testing
import Wire

@Suite("messages on the wire, RFC 1035 §4")
struct DNSMessageTests {
  private static func name(_ text: String) throws -> DomainName {
    try ZoneFileTests.name(text)
  }

  /// A response to `a.example A`: 12 octets of header, 11 of name, 4 of type and class.
  static func response(_ type: RecordType = .a) throws -> ResponseWriter {
    ResponseWriter(identifier: 7, question: (try name("a.example"), type))
  }

  private static let soa = StartOfAuthority(
    primaryServer: .root, responsibleMailbox: .root, serial: 1, refresh: 2, retry: 3, expire: 4,
    minimum: 30)

  @Test(arguments: [
    Record.a(.v4(1)), .aaaa(.v6(1)), .mx(preference: 65535, exchange: .root),
    .txt([[], [0, 255], [UInt8](repeating: 1, count: 255)]), .ptr(.root), .cname(.root),
    .ns(.root), .soa(soa),
    .tlsa(TLSARecord(usage: 3, selector: 1, matchingType: 1, associationData: [1])),
    .caa(CAARecord(flags: 0, tag: "issue", value: [])),
    .ds(DSRecord(keyTag: 1, algorithm: 2, digestType: 3, digest: [4])),
    .other(RecordType(rawValue: 65280), []), .other(.dname, [0]),
  ])
  func readsWhatIsWritten(record: Record) throws {
    var writer = try Self.response()
    writer.answers = [(try Self.name("a.example"), 60, record)]
    let message = try DNSMessage(parsing: writer.octets)
    #expect(message.answers.map(\.record) == [record])
    #expect(message.answers.map(\.ttl) == [60])
    #expect(try Record(type: record.type, rdata: ResponseWriter.rdata(record)) == record)
    // No prefix of a message is a message.
    for count in 0..<writer.octets.count {
      #expect(throws: SyntaxError.self) {
        try DNSMessage(parsing: Array(writer.octets.prefix(count)))
      }
    }
    #expect(throws: SyntaxError.self) { try DNSMessage(parsing: writer.octets + [0]) }
  }

  // Each RDATA by itself: cut short, and with an octet left over.
  @Test(arguments: [
    (RecordType.a, [UInt8]()), (.a, [1, 2, 3]), (.a, [1, 2, 3, 4, 5]), (.aaaa, [1, 2, 3, 4]),
    (.mx, [0, 1]), (.mx, [0, 1, 0, 0]), (.txt, []), (.txt, [1]), (.txt, [0, 2, 1]),
    (.ptr, []), (.cname, [1, 0x61]), (.ns, [0, 0]), (.soa, [0, 0, 1]),
    (.tlsa, [3, 1]), (.caa, [0, 0]), (.caa, [0, 1, 0x2D]), (.caa, [0, 2, 0x61]),
    (.ds, [0, 1, 2]),
    // A pointer, where nothing may be compressed; a label type that does not exist.
    (.ptr, [0xC0, 0]), (.ptr, [0x40, 0]), (.ptr, [0x80]),
  ])
  func refusesRDATA(type: RecordType, rdata: [UInt8]) {
    #expect(throws: SyntaxError.self) { try Record(type: type, rdata: rdata) }
  }

  /// A response whose only answer has the owner given, as octets.
  private static func message(owner: [UInt8]) throws -> [UInt8] {
    var octets = try response().octets
    octets[7] = 1
    return octets + owner + [0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]
  }

  @Test(arguments: [
    // To the question's name, to its second label, and a label before a pointer.
    ([UInt8]([0xC0, 12]), "a.example"), ([0xC0, 14], "example"),
    ([1, 0x62, 0xC0, 14], "b.example"),
  ])
  func followsPointers(owner: [UInt8], text: String) throws {
    let message = try DNSMessage(parsing: Self.message(owner: owner))
    #expect(message.answers.first?.name == (try Self.name(text)))
  }

  @Test(arguments: [
    // At itself, ahead, past the end, half a pointer, and a loop by way of a label.
    [UInt8]([0xC0, 27]), [0xC0, 29], [0xFF, 0xFF], [0xC0], [1, 0x61, 0xC0, 27],
    [0x40, 0], [0x80, 0],
  ])
  func refusesPointers(owner: [UInt8]) throws {
    let octets = try Self.message(owner: owner)
    #expect(throws: SyntaxError.self) { try DNSMessage(parsing: octets) }
  }

  // Pointers to pointers, each a step back: followed, and the work stays in bounds.
  /// Each name costs a bounded number of steps, whatever chain it hangs on.
  @Test(.timeLimit(.minutes(1))) func boundsChainsOfPointers() throws {
    var octets = try Self.response().octets
    let count = 5_000
    octets.replaceSubrange(6..<8, with: ResponseWriter.octets(UInt16(count)))
    var target = 12
    for _ in 0..<count {
      let place = octets.count
      octets += [0xC0 | UInt8(target >> 8), UInt8(target & 0xFF)]
      octets += [0, 16, 0, 1, 0, 0, 0, 0, 0, 1, 0]
      if place < 0x3FFF { target = place }
    }
    #expect(try DNSMessage(parsing: octets).answers.count == count)
  }

  // 255 octets is the longest name; one more by way of a pointer is too long.
  @Test(arguments: [(61, true), (62, false)])
  func boundsNames(lastLength: Int, isAccepted: Bool) throws {
    let label = [UInt8(63)] + [UInt8](repeating: 0x78, count: 63)
    let name = label + label + label
    var owner = name + [UInt8(lastLength)] + [UInt8](repeating: 0x79, count: lastLength) + [0]
    if owner.count > 255 { owner = Array(owner.prefix(257)) }
    let octets = try Self.message(owner: owner)
    #expect(((try? DNSMessage(parsing: octets)) != nil) == isAccepted)
  }

  @Test func readsExtendedErrors() throws {
    var octets = try Self.response().octets
    octets[11] = 1
    // OPT with an upper response code of 1, and error 22 "no\u{1B}pe".
    octets += [0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 11, 0, 15, 0, 7, 0, 22]
    octets += Array("no\u{1B}pe".utf8)
    let message = try DNSMessage(parsing: octets)
    #expect(message.responseCode == 16)
    #expect(message.extendedErrors.map(\.code) == [22])
    #expect(message.extendedErrors.map(\.text) == ["nope"])
    let name = try Self.name("a.example")
    #expect(throws: LookupFailure.serverFailure("RCODE 16 (extended error 22 nope)")) {
      try Answer(response: octets, to: name, .a, security: .insecure)
    }
  }

  // Whatever comes: no crash, and no answer of another type.
  @Test func survivesMutations() throws {
    var writer = try Self.response(.mx)
    writer.answers = [
      (try Self.name("a.example"), 60, .cname(try Self.name("b.example"))),
      (try Self.name("b.example"), 60, .mx(preference: 1, exchange: .root)),
    ]
    writer.authorities = [(try Self.name("example"), 60, .soa(Self.soa))]
    let good = writer.octets
    let name = try Self.name("a.example")
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      var octets = good
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        octets[Int(state >> 33) % octets.count] = UInt8(truncatingIfNeeded: state >> 24)
      }
      let answer = try? Answer(response: octets, to: name, .mx, security: .insecure)
      #expect(answer?.records.allSatisfy { $0.type == .mx } ?? true)
    }
  }
}
