import Foundation
import MailTesting
import Testing

@Suite("text of strangers does not reach the terminal as it is")
struct HostileTextTests {
  /// Moves the cursor, sets the title, rings, turns the direction, ends the line in other ways.
  private static let poison =
    "\u{1B}[2J\u{1B}]0;x\u{7}\u{9B}31m\u{8}\u{7F}\u{202E}\u{2066}\u{200F}\u{2028}\u{85}\u{FEFF}\u{E0041}"
  private static let word = "=?utf-8?B?\(Data(poison.utf8).base64EncodedString())?="

  /// In a zone file, as octets.
  private static let escaped = poison.utf8.map { octet in
    "\\" + String(repeating: "0", count: 3 - "\(octet)".count) + "\(octet)"
  }.joined()

  private static let zone = """
    bad.example. TXT "v=spf1 exp=why.bad.example -all\(escaped)"
    rude.example. TXT "v=spf1 exp=why.bad.example -all"
    odd.example. TXT "v=spf1 include:\(escaped).bad.example -all"
    why.bad.example. TXT "\(escaped)"
    s1._domainkey.bad.example. TXT "v=DKIM1; k=\(escaped); n=\(escaped); p=\(escaped)"
    _dmarc.bad.example. TXT "v=DMARC1; p=\(escaped); rua=\(escaped)"
    _dmarc.rude.example. TXT "v=DMARC1; p=none; rua=\(escaped)"

    """

  private static let messages: [String] = [
    "From: \(poison) <a\(poison)@bad.example>\r\nSubject: \(poison)\r\n\r\n",
    "From: \(word) <a@bad.example>\r\nReply-To: \(word) <x@y.example>\r\nSubject: \(word)\r\n\r\n",
    "From: \"\(poison)\" <a@rude.example>\r\nSender: \(poison)\r\nReturn-Path: <\(poison)>\r\n\r\n",
    "From: a@b\u{202E}moc.example\r\n\(poison): x\r\n\(poison)\r\n\r\n\(poison)",
    "DKIM-Signature: v=1; a=rsa-sha256; d=bad.example; s=s1; h=from; bh=AAAA; b=AAAA\r\n"
      + "From: a@bad.example\r\n\r\n",
    "DKIM-Signature: v=\(poison); a=\(poison); d=\(poison); s=\(poison); h=\(poison); bh=; b=\r\n"
      + "ARC-Seal: i=1; cv=\(poison); d=\(poison); s=\(poison)\r\nFrom: a@bad.example\r\n\r\n",
    "DKIM-Signature: v=1; a=ed25519-sha256; d=bad.example; s=s1; i=\(poison)@bad.example; "
      + "h=from:\(poison); bh=AAAA; b=AAAA\r\nFrom: a@bad.example\r\n\r\n",
    "Authentication-Results: \(poison); dkim=\(poison)\r\nFrom: \(word)\r\n\r\n",
  ]

  @Test(arguments: [[], ["--explain"], ["--json", "--explain"]])
  func verdictsAreHarmless(options: [String]) async throws {
    let scene = try CommandScene(zone: Self.zone)
    var lines: [String] = []
    for (index, message) in Self.messages.enumerated() {
      let name = "a\u{1B}[31m\u{202E}\(index).eml"
      try scene.write(name, message)
      for sender in ["a@bad.example", "a@rude.example", "a@odd.example", Self.poison] {
        let line = [
          "id": Self.poison, "file": name, "ip": "203.0.113.1", "helo": Self.poison,
          "mail_from": sender,
        ]
        lines.append(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
      }
    }
    try scene.write("batch.jsonl", lines.joined(separator: "\n"))
    let run = try await scene.verify(["--batch", "batch.jsonl"] + options)
    #expect(run.status == 1)
    #expect(run.errors.isEmpty)
    #expect(run.isFitForTerminals, "\(run.text.debugDescription)")
    guard options.first == "--json" else {
      #expect(run.text.split(separator: "Addresses shown").count == lines.count + 1)
      return
    }
    let objects = try run.objects()
    #expect(objects.count == lines.count)
    #expect(objects.allSatisfy { $0["id"] == .string(Self.poison) && $0["error"] == .null })
  }

  /// What JSON says is still what was there.
  @Test func jsonKeepsTheText() async throws {
    let scene = try CommandScene(zone: Self.zone)
    let run = try await scene.signet(
      ["spf", "rude.example", "--zone", "dns.zone", "--ip", "203.0.113.1", "--json"])
    #expect(run.isFitForTerminals)
    #expect(try run.objects().first?["result"] == .string("fail"))
    try scene.write("\u{202E}.eml", CommandScene.message())
    let verdict = try await scene.verify("\u{202E}.eml", "--json")
    #expect(try verdict.objects().first?["file"] == .string("\u{202E}.eml"))
  }

  @Test(arguments: ["bad.example", "rude.example", "odd.example"], [[], ["--ip", "203.0.113.1"]])
  func recordIsHarmless(domain: String, session: [String]) async throws {
    let scene = try CommandScene(zone: Self.zone)
    for options in [["--explain"], ["--json", "--explain"]] {
      let run = try await scene.signet(
        ["spf", domain, "--zone", "dns.zone"] + session + options)
      #expect(!run.output.isEmpty)
      #expect(run.isFitForTerminals, "\(run.text.debugDescription)")
    }
  }

  /// The stamped field is ours: its text too must be safe.
  @Test(arguments: messages.indices)
  func stampIsHarmless(index: Int) async throws {
    let scene = try CommandScene(zone: Self.zone)
    let run = try await scene.verify(
      "--stamp", "--ip", "203.0.113.1", "--mail-from", "\(Self.poison)@bad.example",
      input: Array(Self.messages[index].utf8))
    #expect(run.status == 0)
    var field: [UInt8] = []
    for line in run.output.split(separator: 0x0A) {
      if !field.isEmpty, line.first != 0x20 { break }
      field += line + [0x0A]
    }
    #expect(field.starts(with: "Authentication-Results: mx.example;".utf8))
    #expect(field.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0D || $0 == 0x0A })
  }

  @Test(arguments: [
    ["\(poison)"], ["verify", "--\(poison)"], ["verify", poison], ["verify", "--zone", poison],
    ["verify", "--zone", "poison.zone"], ["verify", "--dns", poison], ["verify", "--ip", poison],
    ["verify", "--now", poison], ["verify", "--trust-sealer", poison, "--zone", "dns.zone"],
    ["verify", "--batch", "poison.jsonl", "--zone", "dns.zone"],
    ["spf", poison, "--zone", "dns.zone"],
    ["verify", "--trust-anchor", poison], ["verify", "--discovery", poison],
  ])
  func complaintIsHarmless(arguments: [String]) async throws {
    let scene = try CommandScene()
    try scene.write("poison.zone", "a.example. A \(Self.poison)\n")
    try scene.write("poison.jsonl", "{\"file\": \"\(Self.poison)\"\(Self.poison)}\n")
    let run = try await scene.signet(arguments, input: [])
    #expect(run.output.isEmpty)
    #expect([64, 65, 78].contains(run.status))
    #expect(run.failsNeatly(run.status), "\(run.errorText.debugDescription)")
    #expect(run.isFitForTerminals, "\(run.errorText.debugDescription)")
  }
}
