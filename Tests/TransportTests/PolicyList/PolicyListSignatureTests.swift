import Testing
import Transport
import Wire

@Suite("Ed25519 signatures of policy lists")
struct PolicyListSignatureTests {
  /// The first key of RFC 8032 §7.1, which signs no octets at all there.
  static let pem = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
    -----END PRIVATE KEY-----
    """
  static let publicKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
  static let line =
    "ed25519 5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFD"
    + "jnoQCw==\n"

  @Test func theKeyIsReadInEachForm() throws {
    let key = try PolicyListKey(parsing: Self.publicKey)
    #expect(key.description == Self.publicKey)
    #expect(try PolicyListKey(parsing: "\n \(Self.publicKey)\r\n") == key)
    let pem = """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
      -----END PUBLIC KEY-----
      """
    #expect(try PolicyListKey(parsing: pem) == key)
    let signing = try PolicyListSigningKey(pem: Self.pem)
    #expect(signing.publicKey == key)
    #expect(!"\(signing)".contains("nWGx"))
  }

  @Test(arguments: ["", "x", "AAAA", "\(publicKey)=", pem])
  func otherKeysAreRefused(text: String) {
    #expect(throws: SyntaxError.self) { try PolicyListKey(parsing: text) }
  }

  @Test func aSignatureHoldsForItsOctetsAndKeyAlone() throws {
    let signing = try PolicyListSigningKey(pem: Self.pem)
    let list = Array("{}".utf8)
    let signature = try signing.signature(over: list)
    #expect(try PolicyListSignature(parsing: Array("\(signature)".utf8)) == signature)
    #expect(signature.isValid(over: list, by: [signing.publicKey]))
    #expect(!signature.isValid(over: list + [0x0A], by: [signing.publicKey]))
    #expect(!signature.isValid(over: list, by: []))
    let other = try PolicyListKey(parsing: "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=")
    #expect(!signature.isValid(over: list, by: [other]))
    #expect(signature.isValid(over: list, by: [other, signing.publicKey]))
    let two = PolicyListSignature(
      signatures: [[UInt8](repeating: 0, count: 64)] + signature.signatures)
    #expect(two.isValid(over: list, by: [signing.publicKey]))
  }

  @Test func theVectorOfTheStandardIsValid() throws {
    let signature = try PolicyListSignature(parsing: Array(Self.line.utf8))
    #expect(signature.isValid(over: [], by: [try PolicyListKey(parsing: Self.publicKey)]))
  }

  @Test(arguments: [
    ("", SyntaxError.Reason.missing("ed25519"), 0),
    ("rsa x", .missing("ed25519"), 0),
    ("ed25519 AAAA", .unexpectedEnd, 8),
    (line + "\n", .missing("ed25519"), 97),
    (line.replacing("5VZD", with: "5VZ!"), .unexpectedByte, 11),
    (String(line.dropLast()) + " ", .unexpectedByte, 96),
    (String(repeating: line, count: 17), .tooLong("signature file"), 1552),
  ])
  func refuses(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) {
      try PolicyListSignature(parsing: Array(text.utf8))
    }
  }
}
