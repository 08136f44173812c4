import Foundation
import MailTesting
import Testing

@Suite("the same verdicts through --zone and through --dns to a real name server")
struct SameVerdictsTests {
  /// Every message of the suite that a zone can hold the keys of, some with a session.
  @Test(.enabled(if: Conformance.isPresent && NameServer.isPresent))
  func ofTheSyntheticSuite() async throws {
    let scene = try CommandScene()
    let names = try Self.suiteRecords()
    let origins = ["signer.example", "other.example", "xn--bcher-kva.example"]
    var zones: [LabZone] = []
    var zoneText = "$TTL 300\n"
    for origin in origins {
      let records = (names + Self.policies).filter { $0.name.hasSuffix(origin) }
        .map { "\($0.name). TXT \($0.strings)\n" }.joined()
      zones.append(
        .plain(origin: origin + ".", text: "$TTL 300\n" + records, signing: .unsigned))
      zoneText += records
    }
    try scene.write("suite.zone", zoneText)
    let ids = try Self.writeBatch(scene)
    let server = try await NameServer(zones)
    defer { server.stop() }
    let options = ["verify", "--batch", "b.jsonl", "--json", "--now", "1764000000", "--jobs", "4"]
    let fromZone = try await scene.signet(options + ["--zone", "suite.zone"])
    let fromServer = try await scene.signet(
      options + ["--dns", "127.0.0.1:\(server.port)", "--no-dnssec"])
    let (expected, found) = (try fromZone.objects(), try fromServer.objects())
    #expect(fromZone.errors.isEmpty && fromServer.errors.isEmpty)
    #expect(expected.map { $0["id"]?.text } == ids)
    #expect(found.count == expected.count)
    for (one, other) in zip(expected, found) { #expect(one == other) }
    #expect(fromZone.status == fromServer.status)
    // Not all alike because all failed.
    let results = expected.compactMap { $0["dkim"]?[0]?["result"]?.text }
    #expect(results.count { $0 == "pass" } > 50)
    #expect(results.count { $0 != "pass" } > 50)
    #expect(expected.contains { $0["dmarc"]?["result"] == .string("pass") })
    #expect(expected.contains { $0["spf"]?["result"] == .string("softfail") })
    #expect(expected.contains { $0["spf"]?["result"] == .string("pass") })
  }

  private static let policies = [
    (name: "signer.example", strings: "\"v=spf1 ip4:192.0.2.0/24 include:other.example ~all\""),
    (name: "_dmarc.signer.example", strings: "\"v=DMARC1; p=quarantine; adkim=r\""),
    (name: "other.example", strings: "\"v=spf1 ip4:198.51.100\" \".0/24 -all\""),
    (name: "_dmarc.other.example", strings: "\"v=DMARC1; p=none\""),
  ]

  /// The suite's TXT records in the form of a master file, each octet outside letters and digits
  /// as its number.
  private static func suiteRecords() throws -> [(name: String, strings: String)] {
    let zone = try JSON(parsing: try Conformance.octets("dkim/synthetic/dns.json"))
    guard case .object(let names) = zone else { return [] }
    return names.sorted { $0.key < $1.key }.flatMap { name, records in
      (records["TXT"]?.values ?? []).map { record in
        let parts = record.values?.compactMap(\.text) ?? [record.text ?? ""]
        return (name, parts.map(strings).joined(separator: " "))
      }
    }
  }

  private static func strings(_ text: String) -> String {
    let octets = Array(text.utf8)
    let pieces = stride(from: 0, to: max(1, octets.count), by: 255).map {
      octets[$0..<min($0 + 255, octets.count)]
    }
    return pieces.map { piece in
      "\""
        + piece.map { octet in
          let character = Character(UnicodeScalar(octet))
          return character.isASCII && (character.isLetter || character.isNumber)
            ? String(character) : "\\" + String(1000 + Int(octet)).dropFirst()
        }.joined() + "\""
    }.joined(separator: " ")
  }

  /// One line a message, every third with a session; the identifiers in order.
  private static func writeBatch(_ scene: CommandScene) throws -> [String] {
    let suite = try JSON(parsing: try Conformance.octets("dkim/synthetic/cases.json"))
    let cases = try #require(suite["cases"]?.values)
    let folder = Conformance.folder.appending(path: "dkim/synthetic").path
    var lines: [String] = []
    for (index, test) in cases.enumerated() {
      var line = [
        "id": try #require(test["id"]?.text),
        "file": "\(folder)/\(try #require(test["file"]?.text))",
      ]
      if index % 3 == 0 {
        line["ip"] = ["192.0.2.1", "198.51.100.7", "203.0.113.9"][index / 3 % 3]
        line["mail_from"] = index % 2 == 0 ? "a@signer.example" : "a@other.example"
      }
      lines.append(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
    }
    try scene.write("b.jsonl", lines.joined(separator: "\n"))
    return cases.compactMap { $0["id"]?.text }
  }
}
