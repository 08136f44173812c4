import DNS
import MailTesting
import Testing
import Wire

@Suite("answers from responses, RFC 2308 §2, RFC 6604 §3, RFC 9824 §3.1")
struct AnswerTests {
  private static func name(_ text: String) throws -> DomainName {
    try ZoneFileTests.name(text)
  }

  private static let soa = Record.soa(
    StartOfAuthority(
      primaryServer: .root, responsibleMailbox: .root, serial: 1, refresh: 2, retry: 3,
      expire: 4, minimum: 30))

  private static func answer(_ change: (inout ResponseWriter) throws -> Void) throws -> Answer {
    var writer = try DNSMessageTests.response()
    try change(&writer)
    return try Answer(
      response: writer.octets, to: name("a.example"), .a, security: .secure)
  }

  @Test func takesRecords() throws {
    let answer = try Self.answer { writer in
      writer.answers = [
        (try Self.name("A.Example"), 60, .a(.v4(1))),
        (try Self.name("a.example"), 50, .a(.v4(2))),
        // A duplicate, another type, another name.
        (try Self.name("a.example"), 60, .a(.v4(1))),
        (try Self.name("a.example"), 60, .txt([[1]])),
        (try Self.name("b.example"), 1, .a(.v4(3))),
      ]
    }
    #expect(
      answer
        == Answer(
          .records([.a(.v4(1)), .a(.v4(2))]), expandedName: try Self.name("a.example"), ttl: 50,
          security: .secure))
  }

  // RFC 2181 §8: a TTL with its highest bit set is zero.
  @Test(arguments: [(UInt32(Int32.max), UInt32(Int32.max)), (0x8000_0000, 0)])
  func bounds(ttl: UInt32, taken: UInt32) throws {
    let answer = try Self.answer { $0.answers = [(try Self.name("a.example"), ttl, .a(.v4(1)))] }
    #expect(answer.ttl == taken)
  }

  @Test func followsAliases() throws {
    let answer = try Self.answer { writer in
      writer.answers = [
        // In any order.
        (try Self.name("c.example"), 60, .a(.v4(1))),
        (try Self.name("a.example"), 20, .cname(try Self.name("b.example"))),
        (try Self.name("b.example"), 60, .cname(try Self.name("c.example"))),
      ]
    }
    #expect(answer.records == [.a(.v4(1))])
    #expect(answer.expandedName == (try Self.name("c.example")))
    #expect(answer.ttl == 20)
  }

  @Test(arguments: [
    // Response code, where the SOA stands, TTL of the SOA, outcome, TTL.
    (UInt16(3), "example", UInt32(600), Answer.Outcome.noSuchName, UInt32(30)),
    (0, "example", 600, .noData, 30),
    (0, "example", 20, .noData, 20),
    (3, ".", 600, .noSuchName, 30),
    // An SOA of another zone says nothing.
    (0, "example.org", 600, .noData, 0),
  ])
  func takesAbsence(
    code: UInt16, owner: String, ttl: UInt32, outcome: Answer.Outcome, taken: UInt32
  ) throws {
    let answer = try Self.answer { writer in
      writer.flags |= code
      writer.authorities = [(try Self.name(owner), ttl, Self.soa)]
    }
    #expect(answer.outcome == outcome)
    #expect(answer.ttl == taken)
  }

  // The code speaks of the end of the chain (RFC 6604 §3).
  @Test func takesAbsenceBehindAnAlias() throws {
    let answer = try Self.answer { writer in
      writer.flags |= 3
      writer.answers = [(try Self.name("a.example"), 10, .cname(try Self.name("b.example")))]
      writer.authorities = [(try Self.name("example"), 600, Self.soa)]
    }
    #expect(answer.outcome == .noSuchName)
    #expect(answer.expandedName == (try Self.name("b.example")))
    #expect(answer.ttl == 10)
  }

  @Test(arguments: [
    // The name's own NSEC with NXNAME; without it; that of another name; a broken one.
    (
      "a.example", [UInt8]([0, 0, 17]) + [UInt8](repeating: 0, count: 16) + [0x80],
      Answer.Outcome.noSuchName
    ),
    ("a.example", [0, 0, 1, 0x40], .noData),
    ("b.example", [0, 0, 17] + [UInt8](repeating: 0, count: 16) + [0x80], .noData),
    ("a.example", [0, 0, 17], .noData),
    ("a.example", [0, 0, 0], .noData),
    ("a.example", [0, 1, 1, 0x40, 0, 1, 0x40], .noData),
    ("a.example", [0, 0, 33] + [UInt8](repeating: 1, count: 33), .noData),
  ])
  func takesCompactDenial(owner: String, rdata: [UInt8], outcome: Answer.Outcome) throws {
    let answer = try Self.answer { writer in
      writer.authorities = [(try Self.name(owner), 60, .other(.nsec, rdata))]
    }
    #expect(answer.outcome == outcome)
  }

  @Test(arguments: [
    (UInt16(1), "FORMERR"), (2, "SERVFAIL"), (4, "NOTIMP"), (5, "REFUSED"), (10, "NOTZONE"),
    (15, "RCODE 15"),
    // Truncated; another operation.
    (0x0200, "truncated response"), (0x0800, "not a response"),
  ])
  func refusesFlags(flags: UInt16, detail: String) {
    #expect(throws: LookupFailure.serverFailure(detail)) {
      try Self.answer { $0.flags |= flags }
    }
  }

  @Test func refusesNonsense() throws {
    let name = try Self.name("a.example")
    #expect(throws: LookupFailure.serverFailure("not a response")) {
      try Self.answer { $0.flags &= 0x7FFF }
    }
    for question in [nil, (name, RecordType.mx), (.root, .a)] {
      #expect(throws: LookupFailure.serverFailure("response to another question")) {
        try Self.answer { $0.question = question }
      }
    }
    #expect(throws: LookupFailure.serverFailure("NXDOMAIN beside records")) {
      try Self.answer { writer in
        writer.flags |= 3
        writer.answers = [(name, 60, .a(.v4(1)))]
      }
    }
    #expect(throws: LookupFailure.serverFailure("several CNAMEs at a.example")) {
      try Self.answer { $0.answers = [(name, 1, .cname(name)), (name, 1, .cname(.root))] }
    }
    #expect(throws: LookupFailure.aliasLoop) {
      try Self.answer { $0.answers = [(name, 1, .cname(name))] }
    }
    #expect(throws: LookupFailure.serverFailure("malformed response: unexpected end at byte 0")) {
      try Answer(response: [], to: name, .a, security: .insecure)
    }
  }
}
