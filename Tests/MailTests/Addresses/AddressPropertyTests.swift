import MailTesting
import Testing
import Wire

@testable import Mail

@Suite("addresses, properties over made-up fields")
struct AddressPropertyTests {
  private static let pieces = [
    "a", "b.example", "@", "<", ">", ",", ":", ";", "(", ")", "\"", "\\", "[", "]", ".", " ",
    "\r\n ", "\r", "\n", "\0", "\t", "é", "＠", "a@b.example", "<a@b.example>", "\"x\"",
    "=?utf-8?q?a=40b.example?=", "(c)", "@r.example", "\u{202E}", "=?", "?=", "[1.2.3.4]",
  ]

  private func field(_ generator: inout RandomSource) -> [UInt8] {
    var octets: [UInt8] = []
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      octets += Array((Self.pieces.randomElement(using: &generator) ?? "").utf8)
    }
    return octets
  }

  /// What is read prints as SMTP writes it, and reads as the same again; what is refused is
  /// refused at a place within the field.
  @Test(arguments: 0..<16)
  func readsWhatItPrints(seed: UInt64) throws {
    var generator = RandomSource(seed: seed)
    for _ in 0..<2000 {
      let octets = field(&generator)
      do throws(SyntaxError) {
        for mailbox in try AddressList(parsing: octets).mailboxes {
          let text = mailbox.address.description
          let hasControls = text.utf8.contains(where: \.isControl)
          #expect(!hasControls)
          #expect(try Mailbox(parsing: Array(text.utf8)).address == mailbox.address)
          let shown = (mailbox.displayName ?? "").escapingControls
          let hidden = shown.unicodeScalars.filter(\.isInvisible)
          #expect(hidden.isEmpty)
          _ = mailbox.displayNameAddress
        }
      } catch {
        #expect((0...octets.count).contains(error.offset), "\(octets.text)")
      }
    }
  }

  /// Addresses print to a list that reads as the same addresses.
  @Test(arguments: 0..<16)
  func listsReadWhatTheyPrint(seed: UInt64) throws {
    var generator = RandomSource(seed: seed)
    for _ in 0..<500 {
      let addresses = (0..<Int.random(in: 1...4, using: &generator)).compactMap { _ in
        address(&generator)
      }
      guard !addresses.isEmpty else { continue }
      for separator in [",", ", ", ",\r\n ", " , (c) ,"] {
        let text = addresses.map(\.description).joined(separator: separator)
        let list = try AddressList(parsing: Array(text.utf8))
        #expect(list.mailboxes.map(\.address) == addresses, "\(text)")
      }
      let inBrackets = addresses.map { "\"x, y\" <\($0)>" }.joined(separator: ",")
      let named = try AddressList(parsing: Array(inBrackets.utf8)).mailboxes
      #expect(named.map(\.address) == addresses)
      #expect(named.allSatisfy { $0.displayName == "x, y" })
    }
  }

  /// Nil where the octets make an encoded word, which no local part of a field may be.
  private func address(_ generator: inout RandomSource) -> AddrSpec? {
    let local = field(&generator).filter { !$0.isControl }
    let domains: [MailDomain?] = [
      (try? DomainName(parsing: "b.example")).map(MailDomain.name),
      (try? DomainName(parsing: "bücher.example")).map(MailDomain.name),
      .literal("192.0.2.1"), .literal("a]\\b"),
      // A Hebrew point joins the blank or bracket before it into one character.
      .literal("a \u{5BF}"), .literal("]\u{5BF}"),
    ]
    guard !EncodedWord.isFound(in: local),
      let domain = domains.randomElement(using: &generator) ?? nil
    else { return nil }
    return try? AddrSpec(localPart: local, domain: domain)
  }

  /// A lone address is the only thing in the field that could be one, and where the grammar reads
  /// the field too, both say the same.
  @Test(arguments: 0..<16)
  func loneAddressesAreAlone(seed: UInt64) {
    var generator = RandomSource(seed: seed)
    var found = 0
    for _ in 0..<2000 {
      let octets = field(&generator) + Array("<a@b.example>".utf8)
      guard let lone = LoneAddress(in: octets) else { continue }
      found += 1
      #expect(octets.count(where: { $0 == .at }) == 1)
      #expect(lone.mailbox.address.description == "a@b.example")
      #expect(lone.mailbox.displayNameAddress == nil)
      guard let list = try? AddressList(parsing: octets) else { continue }
      #expect(list.mailboxes.map(\.address) == [lone.mailbox.address], "\(octets.text)")
    }
    #expect(found > 20)
  }

  @Test(arguments: 0..<16)
  func pathsReadWhatTheyPrint(seed: UInt64) throws {
    var generator = RandomSource(seed: seed)
    for _ in 0..<2000 {
      let octets = field(&generator)
      guard let path = try? ReversePath(parsing: octets) else { continue }
      #expect(try ReversePath(parsing: path.description) == path)
    }
  }

  /// No octets crash the reader, whatever they are.
  @Test(arguments: 0..<8)
  func isTotal(seed: UInt64) {
    var generator = RandomSource(seed: seed)
    for _ in 0..<2000 {
      let octets = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        UInt8.random(in: .min ... .max, using: &generator)
      }
      let list = try? AddressList(parsing: octets)
      #expect(list?.addresses.isEmpty != true)
      _ = try? ReversePath(parsing: octets)
      _ = EncodedWord.decodeEverywhere(octets.text)
    }
  }
}
