import Authentication
import DNS
import Foundation
import MailTesting
import Testing
import Wire

@testable import signet

@Suite("signet key")
struct KeyCommandTests {
  @Test func newKeys() async throws {
    let folder = try SigningFolder()
    let made = try await folder.run(
      "key", "new", "--domain", "example.com", "--server", "MX1.example.com", "--now",
      "2026-11-22T23:59:59Z")
    #expect(made.status == 0)
    let selector = try #require(made.output.split(separator: ".").first.map(String.init))
    #expect(selector.wholeMatch(of: /mx1-20261122-[a-hj-km-np-z2-9]{6}/) != nil)
    let file = "\(selector).example.com.pem"
    #expect(made.errors == "signet: private key written to \(folder.path(file))\n")
    #expect(try folder.mode(file) == 0o600)
    #expect(try SigningKey(pem: try folder.read(file)).bits == 2048)
    // What was printed is a zone in which the key is found.
    try folder.write("dns.zone", made.output)
    let check = try await folder.run(
      "key", "check", file, "--domain", "example.com", "--selector", selector, "--zone",
      "dns.zone")
    #expect(check.status == 0)
    #expect(
      check.output == "\(selector)._domainkey.example.com: match (rsa key of 2048 bits)\n")
  }

  @Test func nothingIsOverwritten() async throws {
    let folder = try SigningFolder()
    try folder.write("s.example.com.pem", "mine")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("t.example.com.pem"), withDestinationPath: folder.path("target"))
    for (selector, reason) in [("s", "File exists"), ("t", "File exists")] {
      let made = try await folder.run(
        "key", "new", "--domain", "example.com", "--selector", selector, "--type", "ed25519")
      #expect(made.status == 78)
      #expect(made.output == "")
      #expect(made.errors.contains(reason))
    }
    #expect(try folder.read("s.example.com.pem") == "mine")
    #expect(!FileManager.default.fileExists(atPath: folder.path("target")))
    let lost = try await folder.run(
      "key", "new", "--domain", "example.com", "--type", "ed25519", "--folder", "none")
    #expect(lost.status == 78)
    #expect(lost.errors.contains("No such file or directory"))
  }

  @Test(arguments: [
    ["--bits", "1024"], ["--bits", "2049"], ["--type", "ed25519", "--bits", "2048"],
    ["--selector", "a b"], ["--selector", ""], ["--ttl", "2147483648"], ["--type", "dsa"],
  ])
  func wrongUsage(arguments: [String]) async throws {
    let folder = try SigningFolder()
    let outcome = try await folder.run(
      words: ["key", "new", "--domain", "example.com"] + arguments)
    #expect(outcome.status == 64)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func check() async throws {
    let folder = try SigningFolder()
    try await folder.makeKey("s1")
    try await folder.makeKey("s2")
    let key = try SigningKey(pem: try folder.read("s1.example.com.pem"))
    let record = key.keyRecord
    let cases: [(String, Int, String)] = [
      ("s1._domainkey.example.com. TXT \"\(record)\"", 0, "match (ed25519"),
      ("s1._domainkey.example.com. TXT \"\(record); t=y:s\"", 0, "note: t=y"),
      ("s1._domainkey.example.com. TXT \"v=DKIM1; k=ed25519; p=\"", 1, "revoked: key revoked"),
      (
        "s1._domainkey.example.com. TXT \"\(SigningKey.ed25519().keyRecord)\"", 1,
        "mismatch: the record holds another key"
      ),
      ("s1._domainkey.example.com. TXT \"\(record); h=sha1\"", 1, "unusable"),
      ("s1._domainkey.example.com. TXT \"v=DKIM1; p\"", 1, "unusable"),
      (
        "s1._domainkey.example.com. TXT \"\(record)\"\n TXT \"\(SigningKey.ed25519().keyRecord)\"",
        1,
        "several"
      ),
      ("example.com. TXT \"\(record)\"", 1, "missing: no key published"),
    ]
    for (zone, status, text) in cases {
      try folder.write("case.zone", zone + "\n")
      let outcome = try await folder.run(
        "key", "check", "s1.example.com.pem", "--domain", "example.com", "--selector", "s1",
        "--zone", "case.zone")
      #expect(outcome.status == status, "\(zone)")
      #expect(outcome.output.contains(text), "\(outcome.output)")
    }
    // Nobody answers there.
    let silent = try await folder.run(
      "key", "check", "s1.example.com.pem", "--domain", "example.com", "--selector", "s1",
      "--dns", "127.0.0.1:1", "--dns-timeout", "0.2", "--json")
    #expect(silent.status == 2)
    #expect(silent.output.contains("\"result\":\"unknown\""))
  }
}

@Suite("selectors of new keys")
struct SelectorTests {
  private static let moment = Moment(seconds: 1_795_341_600)

  @Test(arguments: [
    ("mx1.example.com", "mx1-20261122-"), ("MX-2", "mx-2-20261122-"), ("", "key-20261122-"),
    ("ü.example", "key-20261122-"), ("-a", "key-20261122-"), ("a_b", "ab-20261122-"),
    (String(repeating: "a", count: 63), String(repeating: "a", count: 40) + "-20261122-"),
  ])
  func server(name: String, start: String) throws {
    var random = SystemRandomNumberGenerator()
    let selector = Selector.make(server: name, moment: Self.moment, using: &random)
    #expect(selector.hasPrefix(start))
    #expect(selector.count == start.count + 6)
    #expect(try DomainName(parsing: selector).labelCount == 1)
  }

  @Test func randomPartsDiffer() {
    var random = SystemRandomNumberGenerator()
    let selectors = (0..<500).map { _ in
      Selector.make(server: "a", moment: Self.moment, using: &random)
    }
    #expect(Set(selectors).count == 500)
  }
}

@Suite("key records as they are published, RFC 1035 §3.3.14")
struct KeyRecordTextTests {
  @Test(arguments: [1, 254, 255, 256, 510, 511, 800])
  func zoneFilesGiveTheRecordBack(length: Int) throws {
    let record = String(repeating: "x", count: length)
    let name = try DomainName(parsing: "s.1._domainkey.example.com")
    let text = KeyRecordText(name: name, record: record, ttl: 60)
    let entry = try #require(try ZoneFile(parsing: text.text(.zone) + "\n").entries.first)
    #expect(entry.name == name)
    #expect(entry.ttl == 60)
    guard case .txt(let strings) = entry.record else {
      Issue.record("no TXT record")
      return
    }
    #expect(strings.count == (length + 254) / 255)
    #expect(strings.joined().elementsEqual(record.utf8))
    #expect(text.text(.plain) == record)
    let script = text.text(.nsupdate).split(separator: "\n")
    #expect(script.count == 3)
    #expect(script[0] == "update delete s.1._domainkey.example.com. TXT")
    #expect(script[1].hasPrefix("update add s.1._domainkey.example.com. 60 TXT \"x"))
    #expect(script[1].split(separator: "\"").filter { $0 != " " }.dropFirst().joined() == record)
    #expect(script[2] == "send")
  }
}
