import Authentication
import Testing

@Suite("Authentication-Results, removal of forged fields, RFC 8601 §5")
struct AuthenticationResultsRemovalTests {
  private func claims(_ value: [UInt8], _ identifier: String = "mx.example.com") -> Bool {
    AuthenticationResults.claims(authservID: identifier, in: value)
  }

  @Test(arguments: [
    " mx.example.com; spf=pass",
    " mx.example.com; none",
    "mx.example.com;spf=pass",
    " MX.Example.COM; spf=pass",  // case
    " mx.example.com.; spf=pass",  // a final dot
    " mx.example.com 1; spf=pass",  // versions, known or not
    " mx.example.com 2; spf=pass",
    " mx.example.com 1 (x) ; spf=pass",
    " mx.example.com 99999999999; spf=pass",
    " mx.example.com x; spf=pass",
    "\r\n mx.example.com\r\n ;\r\n spf=pass",  // folds
    "\tmx.example.com\t; spf=pass",
    " (x) mx.example.com (y) 1 (z); spf=pass",  // comments
    " ((x) \\) y) mx.example.com; spf=pass",
    " mx.example.com(x); spf=pass",
    " mx.(x)example.com; spf=pass",
    " mx . example . com; spf=pass",
    " mx.\r\n example.com; spf=pass",
    " (mx.example.com) other.example; spf=pass",  // a reader that knows no comments
    " (mx.example.com; spf=pass",
    " other.example (mx.example.com); spf=pass",
    " \"mx.example.com\"; spf=pass",  // quotes
    " \"m\\x.example.com\"; spf=pass",
    " \"mx.example.com; spf=pass",
    " \"mx.example.com \" ; spf=pass",
    " 'mx.example.com'; spf=pass",
    " <mx.example.com>; spf=pass",
    " m\\x.example.com; spf=pass",
    " mx.example.com spf=pass",  // malformed
    " mx.example.com",
    " mx.example.com,spf=pass",
    " mx.example.com: spf=pass",
    " mx.example.com/1; spf=pass",
    " ; mx.example.com; spf=pass",
    ";mx.example.com",
    " i=1; mx.example.com; spf=pass",
    " mx.example.com; spf=pass; \"",
    " mx.example.com; (",
    " mx.example.com; ;;=",
    " mx.example.com\0; spf=pass",
    " mx\0.example.com; spf=pass",
    " \u{1}mx.example.com; spf=pass",
    " mx.example.com\n; spf=pass",
    " mx.example.com\r\n; spf=pass\r\n",
    " mx.exam\u{200B}ple.com; spf=pass",  // a character that shows nothing
    " mx.ｅxample.com; spf=pass",  // full width
    " spf=pass smtp.mailfrom=mx.example.com; dkim=pass",  // no identifier at all, ours somewhere
  ])
  func takesForOurs(value: String) {
    #expect(claims(Array(value.utf8)))
  }

  @Test(arguments: [
    " other.example; spf=pass",
    " other.example; none",
    " example.com; spf=pass",  // above ours
    " a.mx.example.com; spf=pass",  // below ours
    " mx.example.com.other.example; spf=pass",
    " xmx.example.com; spf=pass",
    " mx-example.com; spf=pass",
    " mx.example.comx; spf=pass",
    " mx.example.co; spf=pass",
    " mx_example.com; spf=pass",
    " other.example 1 (foobar); spf=pass",
    " other.example; spf=pass smtp.mailfrom=mx.example.com",  // named, but not as the writer
    " other.example; spf=pass (seen by mx.example.com)",
    " other.example; broken mx.example.com",  // its head is right
    " spf=pass (no identifier) smtp.mailfrom=other.example; dkim=none",
    " dmarc=fail (p=none; dis=none) header.from=other.example",
    "",
    ";",
    " \"\"; none",
  ])
  func leavesToOthers(value: String) {
    #expect(!claims(Array(value.utf8)))
  }

  @Test func takesForOursWhatIsNotUTF8() {
    #expect(claims([0xFF] + Array("mx.example.com; spf=pass".utf8)))
    #expect(claims(Array("mx.exa".utf8) + [0xFF] + Array("mple.com; spf=pass".utf8)))
    #expect(claims(Array("mx.example.com; spf=pass (".utf8) + [0xFF, 0x29]))
    #expect(!claims(Array("other.example; spf=pass (".utf8) + [0xFF, 0x29]))
  }

  @Test(arguments: [
    ("bücher.example", "xn--bcher-kva.example"), ("xn--bcher-kva.example", "bücher.example"),
    ("BÜCHER.example", "bücher.example"), ("bücher.example.", "XN--BCHER-KVA.example"),
  ])
  func comparesULabelsAndALabels(ours: String, theirs: String) {
    #expect(claims(Array(" \(theirs); spf=pass".utf8), ours))
    #expect(claims(Array(" (x) \"\(theirs)\" 1; spf=pass".utf8), ours))
    #expect(!claims(Array(" bucher.example; spf=pass".utf8), ours))
    #expect(AuthenticationResults.isSameAuthservID(ours, theirs))
  }

  @Test(arguments: [
    ("\"mx one\"; none", true), ("\"MX  One\"; none", true), ("\"mx\r\n one\" 1; none", true),
    ("mx one; none", true), ("\"mx two\"; none", false), ("mx; none", false),
  ])
  func comparesIdentifiersThatAreNoNames(value: String, expected: Bool) {
    #expect(claims(Array(value.utf8), "mx one") == expected)
  }

  @Test func removesAllOfOursAndKeepsOthers() {
    let header: [(name: String, value: String)] = [
      ("Authentication-Results", " mx.example.com; spf=pass"),  // 0
      ("Received", " from mx.example.com"),
      ("Authentication-Results", " other.example; spf=pass"),
      ("AUTHENTICATION-RESULTS", " (x) MX.example.com\r\n 1; dmarc=pass"),  // 3
      ("From", " a@mx.example.com"),
      ("authentication-results ", " \"mx.example.com\"; none"),  // 5
      ("X-Authentication-Results", " mx.example.com; spf=pass"),
      ("ARC-Authentication-Results", " i=1; mx.example.com; spf=pass"),
      ("Authentication-Results", " third.example 1; dkim=pass"),
      ("Authentication-Results", " third.example 2; dkim=pass"),  // 9: a version not known
      ("Authentication-Results", " mx.example.com 2; spf=pass"),  // 10
      ("Authentication-Results-Original", " mx.example.com; spf=pass"),
    ]
    let fields = header.map { (name: $0.name, value: Array($0.value.utf8)) }
    let indices = AuthenticationResults.indicesToRemove(in: fields, authservID: "mx.example.com")
    #expect(indices == [10, 9, 5, 3, 0])
    var kept = fields
    for index in indices { kept.remove(at: index) }
    #expect(
      kept.map(\.name) == [
        "Received", "Authentication-Results", "From", "X-Authentication-Results",
        "ARC-Authentication-Results", "Authentication-Results", "Authentication-Results-Original",
      ])
  }

  @Test(arguments: 1...3)
  func removesInterleavedFields(count: Int) {
    var fields: [(name: String, value: [UInt8])] = []
    for index in 0..<count {
      fields.append(("Authentication-Results", Array(" mx.example.com; spf=pass".utf8)))
      fields.append(("Authentication-Results", Array(" other\(index).example; none".utf8)))
    }
    let indices = AuthenticationResults.indicesToRemove(in: fields, authservID: "mx.example.com")
    #expect(indices == (0..<count).map { $0 * 2 }.reversed())
  }

  /// Any text around our identifier: where we read the field as ours, so does the removal; and it
  /// never crashes.
  @Test(arguments: 0..<16)
  func agreesWithTheParser(seed: UInt64) {
    let pieces = [
      "mx.example.com", "mx", ".example.com", "(", ")", "\"", "\\", ";", " ", "\r\n ", "1", "=",
      "none", "spf=pass", "(c)", "é", "\0", ".", "other.example",
    ]
    var state = seed &+ 1
    for _ in 0..<2000 {
      var text = ""
      for _ in 0..<8 {
        // The generator of Knuth's MMIX.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      let isClaimed = claims(Array(text.utf8))
      guard let parsed = try? AuthenticationResults(parsing: Array(text.utf8)) else { continue }
      let isOurs = AuthenticationResults.isSameAuthservID(parsed.authservID, "mx.example.com")
      #expect(isClaimed || !isOurs, "\(text)")
    }
  }
}
