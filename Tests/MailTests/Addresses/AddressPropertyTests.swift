import Testing
import Wire

@testable import Mail

/// SplitMix64, so that a failure can be repeated from its seed.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}

@Suite("addresses, properties over made-up fields")
struct AddressPropertyTests {
  private static let pieces = [
    "a", "b.example", "@", "<", ">", ",", ":", ";", "(", ")", "\"", "\\", "[", "]", ".", " ",
    "\r\n ", "\r", "\n", "\0", "\t", "é", "＠", "a@b.example", "<a@b.example>", "\"x\"",
    "=?utf-8?q?a=40b.example?=", "(c)", "@r.example", "\u{202E}", "=?", "?=", "[1.2.3.4]",
  ]

  private func field(_ generator: inout SeededGenerator) -> [UInt8] {
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
    var generator = SeededGenerator(state: seed)
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

  @Test(arguments: 0..<16)
  func pathsReadWhatTheyPrint(seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    for _ in 0..<2000 {
      let octets = field(&generator)
      guard let path = try? ReversePath(parsing: octets) else { continue }
      #expect(try ReversePath(parsing: path.description) == path)
    }
  }

  /// No octets crash the reader, whatever they are.
  @Test(arguments: 0..<8)
  func isTotal(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
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
