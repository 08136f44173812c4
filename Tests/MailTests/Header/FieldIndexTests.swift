import MailTesting
import Testing

@testable import Mail

@Suite("fields by their names")
struct FieldIndexTests {
  /// Names that share their first eight octets, are shorter, or hold a NUL there.
  private static let names = [
    "a", "\0a", "ab", "content", "content-", "content-id", "content-type", "content-types",
    "content-transfer-encoding", "receive", "received", "received-spf", "x-\u{FC}", "x-u\u{308}",
    "",
  ]

  @Test func findsEachNameInAnyHeader() {
    var random = RandomSource(seed: 5322)
    for count in 0..<60 {
      let chosen = (0..<count).compactMap { _ in Self.names.randomElement(using: &random) }
      let header = MessageHeader(octets: Array(chosen.map { "\($0): x\r\n" }.joined().utf8))
      #expect(header.fields.map { Array($0.name.utf8) } == chosen.map { Array($0.utf8) })
      for name in Self.names + ["content-ty", "received-spg", "zz"] {
        // Octet for octet: Swift's own equality of texts would take two ways to write ü for one.
        let expected = chosen.indices.filter { chosen[$0].utf8.elementsEqual(name.utf8) }
        #expect(Array(header.indices(of: name)) == expected, "\(name) in \(chosen)")
      }
    }
  }

  /// Neither many fields of one name nor many names with the same start take quadratic time.
  @Test func staysQuickWithManyFields() {
    let same = String(repeating: "content-type: b\r\n", count: 50_000)
    let others = (0..<50_000).map { "content-\($0): b\r\n" }.joined()
    let header = MessageHeader(octets: Array((same + others).utf8))
    for _ in 0..<10_000 { #expect(header.indices(of: "content-type").count == 50_000) }
    #expect(Array(header.indices(of: "content-49999")) == [99_999])
  }
}
