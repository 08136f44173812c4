import Mail
import Testing
import Wire

@testable import Authentication

private func author(_ section: some Collection<UInt8>) -> AuthorField {
  AuthorField(MessageHeader(octets: Array(section)))
}

@Suite("the author of a message, RFC 5322 §3.6.2")
struct AuthorFieldTests {
  @Test(
    arguments: [
      ("john@x.example", ["x.example"]),
      ("John <john@X.Example>", ["x.example"]),
      ("a@x.example, b@y.example, c@X.example", ["x.example", "y.example"]),
      ("\"ceo@bank.example\" <john@x.example>", ["x.example"]),  // a name is no author
      ("(ceo@bank.example) john@x.example", ["x.example"]),
      ("g: a@x.example, b@y.example;", ["x.example", "y.example"]),
      ("<@relay.example:john@x.example>", ["x.example"]),
      ("john@bücher.example", ["xn--bcher-kva.example"]),
      // Against the grammar, but one address
      ("=?utf-8?Q?Doe,_John?= <john@x.example>", ["x.example"]),
      ("John [Sales] <john@x.example>", ["x.example"]),
      ("John: Doe <john@x.example>", ["x.example"]),
      ("Doe, John <john@x.example>", ["x.example"]),
      (".J <john@x.example> ", ["x.example"]),
      // Against the grammar, but one domain, whichever address is shown
      ("john@x.example <john@x.example>", ["x.example"]),
      ("=?UTF-8?Q?john@x.example?= <john@X.example>", ["x.example"]),
      ("'john@x.example' <info@x.example>", ["x.example"]),
    ] as [(String, [String])])
  func isSeenByAllReaders(value: String, domains: [String]) {
    let field = author("From: \(value)\r\n".utf8)
    #expect(field.flaw == nil)
    #expect(field.domains.map(\.description) == domains)
  }

  @Test func mayHaveANameInISO88591() {
    let field = author(Array("From: M".utf8) + [0xFC] + Array("ller <john@x.example>\r\n".utf8))
    #expect(field.flaw == nil)
    #expect(field.domains.map(\.description) == ["x.example"])
  }

  @Test(
    arguments: [
      ("", []),
      ("john", []),
      ("john@[192.0.2.1]", []),
      ("g:;", []),
      ("a@x.example, b@[192.0.2.1]", ["x.example"]),
      ("ceo@bank.example <john@x.example>", ["bank.example", "x.example"]),
      ("ceo@bank.example [x] <john@x.example>", ["bank.example", "x.example"]),
      ("<ceo@bank.example> <john@x.example>", ["bank.example", "x.example"]),
      ("[x] <john@x.example>, ceo@bank.example", ["x.example", "bank.example"]),
      ("\"ceo@bank.example\" [x] <john@x.example>", ["bank.example", "x.example"]),
      ("[x] (ceo@bank.example) <john@x.example>", ["bank.example", "x.example"]),
      ("[x] <john@x.example> y", ["x.example"]),
      ("(a (b) <john@x.example>", ["x.example"]),
      ("\"a <john@x.example>", ["x.example"]),
      ("ceo＠bank.example [x] <john@x.example>", ["x.example"]),
      ("=?utf-8?q?ceo=40bank.example,?= <john@x.example>", ["x.example"]),
      ("=?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQ==?=, <john@x.example>", ["x.example"]),
      ("[x] <john@x.example@bank.example>", ["x.example", "bank.example"]),
      ("john@x.example\0", ["x.example"]),
      ("[x] \u{1B}<john@x.example>", ["x.example"]),
    ] as [(String, [String])])
  func isNotSeenByAllReaders(value: String, domains: [String]) {
    let field = author("From: \(value)\r\n".utf8)
    #expect(field.flaw != nil)
    #expect(field.domains.map(\.description) == domains)
  }

  @Test(
    arguments: [
      ("X: y\r\n", "the message has no From field"),
      ("From: a@x.example\r\nFrom: a@x.example\r\n", "the message has 2 From fields"),
      ("From: [x] <a@x.example>\r\nfrom : b@y.example\r\n", "the message has 2 From fields"),
      (
        "From: a@x.example\r\nX: y\nFrom: b@y.example\r\n",
        "a line that only some readers see is a From field"
      ),
      (
        " From: b@y.example\r\nFrom: a@x.example\r\n",
        "a line that only some readers see is a From field"
      ),
      (
        "From: a@x.example\r\nX: y\n\nbody\r\n",
        "a bare CR or LF makes some readers end the header at byte 24"
      ),
      (
        "From: a@x.example\r\nX: y\r\r\nZ: w\r\n",
        "a bare CR or LF makes some readers end the header at byte 24"
      ),
      (
        "From: a@x.example\r\nClick here\r\nZ: w\r\n",
        "a line without a colon makes some readers end the header at byte 19"
      ),
      (
        "no field\r\nFrom: a@x.example\r\n",
        "a line without a colon makes some readers end the header at byte 0"
      ),
      (
        "From: a@x.example\r\n" + String(repeating: "\0: x\r\n", count: 100),
        "the header breaks its grammar in too many places"
      ),
    ] as [(String, String)])
  func isDoubtfulByTheRestOfTheHeader(section: String, flaw: String) {
    #expect(author(section.utf8).flaw == flaw)
  }

  @Test(arguments: [
    "X: y\nZ: w\r\nFrom: a@x.example\r\n",  // line ends that hide nothing of him
    "From a@y.example Thu Jan  1 00:00:00 1970\r\nFrom: a@x.example\r\n",
    ">From a@y.example Thu Jan  1 00:00:00 1970\r\nFrom: a@x.example\r\n",
  ])
  func isNotDoubtfulByOtherDefects(section: String) {
    let field = author(section.utf8)
    #expect(field.flaw == nil)
    #expect(field.domains.map(\.description) == ["x.example"])
  }

  @Test func boundsTheNamesOfAFieldThatCannotBeRead() {
    let value = String(repeating: "a@x.example ", count: 1000)
    #expect(author("From: \(value)\r\n".utf8).domains.count == 1)
    let names = (0..<1000).map { "a@x\($0).example" }.joined(separator: " ")
    #expect(author("From: \(names)\r\n".utf8).domains.count == 10)
  }
}

@Suite("addresses that a message shows")
struct AddressFieldFindingTests {
  private func findings(_ section: String) -> [AddressFinding] {
    var dmarc = DMARCVerdict(.pass)
    dmarc.authorDomain = try? DomainName(parsing: "x.example")
    return AddressAudit(
      header: MessageHeader(octets: Array(section.utf8)), spf: nil, dkim: [], dmarc: dmarc
    ).findings()
  }

  @Test(arguments: ["From", "Sender", "Reply-To", "Resent-From", "Resent-Sender"])
  func tellOfOneAddressAgainstTheGrammar(name: String) throws {
    let found = findings("\(name): =?utf-8?Q?Doe,_John?= <john@x.example>\r\n")
    let finding = try #require(found.first)
    #expect(found.count == 1)
    #expect(finding.address == "john@x.example")
    #expect(finding.displayName == "Doe, John")
    #expect(finding.domain?.description == "x.example")
    #expect(finding.vouchedBy == (name == "From" ? ["DMARC of x.example"] : []))
    let warning = try #require(finding.warnings.first)
    #expect(finding.warnings.count == 1)
    #expect(warning.hasPrefix("\(name) breaks the grammar, but holds one address only: "))
  }

  @Test func tellOfAFieldThatCannotBeRead() throws {
    let finding = try #require(findings("From: a@b.example [x] <john@x.example>\r\n").first)
    #expect(finding.address == "a@b.example [x] <john@x.example>")
    #expect(finding.domain == nil)
    #expect(finding.vouchedBy.isEmpty)
    #expect(finding.warnings.first?.hasPrefix("cannot be read: ") == true)
  }

  @Test func doNotReadAReturnPathThatWay() throws {
    let finding = try #require(findings("Return-Path: [x] <john@x.example>\r\n").first)
    #expect(finding.domain == nil)
  }

  @Test func doNotWarnOfWhatTheGrammarAllows() throws {
    let finding = try #require(findings("From: John <john@x.example>\r\n").first)
    #expect(finding.warnings.isEmpty)
    #expect(finding.vouchedBy == ["DMARC of x.example"])
  }
}
