import Authentication
import MailTesting
import Testing
import Wire

@Suite("DKIM-Signature grammar, RFC 6376 §3.5, RFC 8616 §5")
struct DKIMSignatureTests {
  /// A signature whose tags may be replaced, or left out with nil.
  private static func tags(_ changes: KeyValuePairs<String, String?> = [:]) -> String {
    var tags: [(String, String)] = [
      ("v", "1"), ("a", "rsa-sha256"), ("d", "example.com"), ("s", "s1"), ("h", "from"),
      ("bh", "QUJD"), ("b", "REVG"),
    ]
    for (name, value) in changes {
      if let index = tags.firstIndex(where: { $0.0 == name }) {
        if let value { tags[index].1 = value } else { tags.remove(at: index) }
      } else if let value {
        tags.append((name, value))
      }
    }
    return tags.map { "\($0.0)=\($0.1)" }.joined(separator: "; ")
  }

  private static func parse(_ text: String) throws -> DKIMSignature {
    try DKIMSignature(parsing: text.utf8)
  }

  @Test func defaults() throws {
    let signature = try Self.parse(Self.tags())
    #expect(signature.signature.headerCanonicalization == .simple)
    #expect(signature.signature.bodyCanonicalization == .simple)
    #expect(signature.signature.bodyLength == nil)
    #expect(signature.signature.timestamp == nil)
    #expect(signature.signature.expiration == nil)
    #expect(signature.queryMethods == ["dns/txt"])
    #expect("\(signature.identity)" == "@example.com")
    #expect(signature.signature.signature == Array("DEF".utf8))
    #expect(signature.signature.bodyHash == Array("ABC".utf8))
  }

  @Test(arguments: [
    // One semicolon may end the list; folds and blanks anywhere around a tag.
    tags() + ";", tags() + " ; ", "\r\n " + tags() + "\r\n\t", tags(["c": "\r\n simple\r\n "]),
    // Unknown tags, known ones of other case among them, are passed over.
    tags(["zz_9": "?"]), tags(["V": "2"]), tags(["empty": ""]),
    // Blanks inside base 64, padding or not.
    tags(["b": "RE\r\n  VG"]), tags(["bh": "Q UJ D R A = ="]), tags(["b": "REVGRw"]),
    tags(["c": "relaxed"]), tags(["c": "relaxed/simple"]), tags(["c": "simple / relaxed"]),
    tags(["l": "0"]), tags(["l": String(repeating: "9", count: 76)]),
    tags(["t": "0"]), tags(["t": "999999999999"]), tags(["x": "999999999999"]),
    tags(["q": "dns/txt"]), tags(["q": "x-new/a : dns/txt"]),
    tags(["h": "from"]), tags(["h": " From : TO\r\n : x-!#$%"]),
    tags(["s": "a.b.c"]), tags(["s": "2024_x"]), tags(["d": "EXAMPLE.com"]),
    // RFC 8616: U-labels, and UTF-8 in the local part.
    tags(["d": "bücher.example"]), tags(["s": "größe"]), tags(["i": "jörg@example.com"]),
    tags(["i": "@example.com"]), tags(["i": "joe=20smith=3B@sub.example.com"]),
    tags(["i": "joe\r\n @ example.com"]),
    // Whether the rest may count is not for the grammar to say.
    tags(["h": "to"]), tags(["q": "ftp"]), tags(["i": "@other.example"]), tags(["d": "com"]),
    tags(["a": "rsa-sha1"]), tags(["t": "2", "x": "1"]),
  ])
  func accepts(text: String) { #expect(throws: Never.self) { try Self.parse(text) } }

  @Test(arguments: [
    ("", SyntaxError.Reason.unexpectedEnd, 0),
    // Required tags, each missing: the error stands at the end.
    (tags(["v": nil]), .missing("tag v"), 58), (tags(["a": nil]), .missing("tag a"), 49),
    (tags(["b": nil]), .missing("tag b"), 55), (tags(["bh": nil]), .missing("tag bh"), 54),
    (tags(["d": nil]), .missing("tag d"), 48), (tags(["h": nil]), .missing("tag h"), 55),
    (tags(["s": nil]), .missing("tag s"), 57),
    // Versions: one that exists, spelled as it is.
    (tags(["v": "2"]), .wrongVersion, 0), (tags(["v": "1.0"]), .wrongVersion, 0),
    (tags(["v": "01"]), .wrongVersion, 0), (tags(["v": ""]), .wrongVersion, 0),
    (tags(["v": "DKIM1"]), .wrongVersion, 0),
    // Algorithms: nothing unknown, nothing of two kinds mixed, case counts.
    (tags(["a": "rsa-md5"]), .badValue("tag a"), 5),
    (tags(["a": "RSA-SHA256"]), .badValue("tag a"), 5),
    (tags(["a": "ed25519-sha1"]), .badValue("tag a"), 5),
    (tags(["a": "rsa"]), .badValue("tag a"), 5),
    (tags(["a": ""]), .badValue("tag a"), 5), (tags(["a": "rsa-sha256 x"]), .badValue("tag a"), 5),
    // Domains.
    (tags(["d": ""]), .badValue("tag d"), 19),
    (tags(["d": "example..com"]), .badValue("tag d"), 19),
    (tags(["d": ".example.com"]), .badValue("tag d"), 19),
    (tags(["d": "example.com."]), .badValue("tag d"), 19),
    (tags(["d": "exa mple.com"]), .badValue("tag d"), 19),
    (tags(["d": "example.net(.example.com"]), .badValue("tag d"), 19),
    (tags(["d": "example.net'.example.com"]), .badValue("tag d"), 19),
    (tags(["d": "[192.0.2.1]"]), .badValue("tag d"), 19),
    (tags(["d": "a@example.com"]), .badValue("tag d"), 19),
    (tags(["d": String(repeating: "a", count: 64) + ".com"]), .badValue("tag d"), 19),
    (tags(["d": String(repeating: "a.", count: 130) + "com"]), .badValue("tag d"), 19),
    (tags(["s": ""]), .badValue("tag s"), 34), (tags(["s": "a..b"]), .badValue("tag s"), 34),
    (tags(["s": "s1/../x"]), .badValue("tag s"), 34), (tags(["s": "*"]), .badValue("tag s"), 34),
    // h=: field names are visible, without blanks inside.
    (tags(["h": "from to"]), .badValue("tag h"), 40), (tags(["h": "frém"]), .badValue("tag h"), 40),
    // Base 64.
    (tags(["bh": ""]), .badValue("tag bh"), 48), (tags(["b": ""]), .badValue("tag b"), 57),
    (tags(["b": "!!!!"]), .badValue("tag b"), 57), (tags(["b": "A"]), .badValue("tag b"), 57),
    (tags(["b": "QUJD="]), .badValue("tag b"), 57),
    (tags(["bh": "QQ==QQ=="]), .badValue("tag bh"), 48),
    // Numbers: decimal digits only, of bounded length.
    (tags(["l": ""]), .badValue("tag l"), 65), (tags(["l": "-1"]), .badValue("tag l"), 65),
    (tags(["l": "+1"]), .badValue("tag l"), 65), (tags(["l": "0x1"]), .badValue("tag l"), 65),
    (tags(["l": "1 2"]), .badValue("tag l"), 65), (tags(["l": "1.0"]), .badValue("tag l"), 65),
    (tags(["l": String(repeating: "9", count: 77)]), .badValue("tag l"), 65),
    (tags(["t": "1000000000000"]), .badValue("tag t"), 65),
    (tags(["x": "1000000000000"]), .badValue("tag x"), 65),
    (tags(["x": "soon"]), .badValue("tag x"), 65),
    (tags(["t": "١"]), .badValue("tag t"), 65),
    // c=.
    (tags(["c": ""]), .badValue("tag c"), 65), (tags(["c": "nofws"]), .badValue("tag c"), 65),
    (tags(["c": "relaxed/"]), .badValue("tag c"), 65),
    (tags(["c": "/relaxed"]), .badValue("tag c"), 65),
    (tags(["c": "Relaxed"]), .badValue("tag c"), 65),
    (tags(["c": "simple/simple/simple"]), .badValue("tag c"), 65),
    // i=: a domain always, escapes of two capital digits (§2.11).
    (tags(["i": "joe"]), .badValue("tag i"), 65), (tags(["i": "joe@"]), .badValue("tag i"), 65),
    (tags(["i": ""]), .badValue("tag i"), 65),
    (tags(["i": "joe=4@example.com"]), .badValue("tag i"), 65),
    (tags(["i": "joe=zz@example.com"]), .badValue("tag i"), 65),
    (tags(["i": "joe=2c@example.com"]), .badValue("tag i"), 65),
    (tags(["i": "joe@exam..ple"]), .badValue("tag i"), 65),
    (tags(["i": "joe@example.com="]), .badValue("tag i"), 65),
    // The list: twice, empty, without a value's sign, with an octet that no rule has.
    (tags() + "; d=example.com", .duplicate("tag d"), 65),
    (tags() + "; b=", .duplicate("tag b"), 65),
    (tags() + ";;", .unexpectedByte, 64), (";" + tags(), .unexpectedByte, 0),
    (tags() + "; q", .unexpectedEnd, 66), (tags() + "; =1", .unexpectedByte, 65),
    (tags() + "; 1q=1", .unexpectedByte, 65), (tags() + "; q=a\0b", .unexpectedByte, 68),
    (tags() + "; q=a\u{7F}", .unexpectedByte, 68), (tags() + "; q=a\rb", .unexpectedByte, 68),
    (tags() + "; q=a\nb", .unexpectedByte, 68), (tags() + "; q-x=1", .unexpectedByte, 66),
  ])
  func rejects(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) { try Self.parse(text) }
  }

  /// Grammar that only the verifier can break: with everything else in order, none of these pass.
  @Test(arguments: [
    ("h=to:subject", DKIMFailure.fromNotSigned), ("h=", .fromNotSigned), ("h=:", .fromNotSigned),
    // A name that only begins like it, or stands in another tag.
    ("h=from-x:to; z=from", .fromNotSigned),
    ("i=@example.org", .identityOutsideDomain), ("i=joe@xexample.com", .identityOutsideDomain),
    ("i=@com", .identityOutsideDomain), ("q=dns/other", .noUsableQueryMethod),
    ("q=", .noUsableQueryMethod), ("q=DNS/TXT", .noUsableQueryMethod),
    ("t=1699999999; x=1699999999", .expiresBeforeSigned),
    ("t=1699999999; x=1699999998", .expiresBeforeSigned), ("t=1; x=0", .expiresBeforeSigned),
    ("a=rsa-sha1", .sha1),
  ])
  func refusals(change: String, failure: DKIMFailure) async throws {
    var tags = HandSigner.usualTags
    if change.hasPrefix("h=") { tags.replace("h=from:to:subject:date; ", with: "") }
    if change.hasPrefix("a=") { tags.replace("a=ed25519-sha256; ", with: "") }
    let letter = try HandSigner.sign(.ordinary(), tags.replacing("bh=", with: "\(change); bh="))
    let verdict = try await MessageScene(HandSigner.zone).authenticate(letter)
    #expect(verdict.dkim.map(\.failure) == [failure])
    #expect(verdict.dkim.map(\.result) == [.permerror])
  }

  /// The same by hand, passing: so what the rows above refuse is their change alone.
  @Test(arguments: [
    "h=from", "h=FROM : To", "h=from:from:from", "i=@deep.sub.example.com", "i=joe@EXAMPLE.com",
    "q=dns/txt:ftp", "t=1; x=1700000000", "x=1699999700", "zz=;",
  ])
  func passes(change: String) async throws {
    var tags = HandSigner.usualTags
    if change.hasPrefix("h=") { tags.replace("h=from:to:subject:date; ", with: "") }
    let separator = change.hasSuffix(";") ? "" : ";"
    let letter = try HandSigner.sign(
      .ordinary(), tags.replacing("bh=", with: "\(change)\(separator) bh="))
    let verdict = try await MessageScene(HandSigner.zone).authenticate(letter)
    #expect(verdict.dkim.map(\.failure) == [nil])
    #expect(verdict.dkim.map(\.result) == [.pass])
  }
}
