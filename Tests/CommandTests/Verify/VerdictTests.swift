import Authentication
import MailTesting
import Testing

@Suite("signet verify: the answer, its exit status and its JSON")
struct VerdictTests {
  @Test func genuineMessagePasses() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let run = try await scene.verify("a.eml")
    #expect(run.status == 0)
    #expect(run.text.hasPrefix("a.eml\n  GENUINE  example.com vouches for this message\n"))
    #expect(run.text.contains("DKIM      pass        example.com, selector s1, ed25519-sha256"))
    #expect(run.text.contains("From          \"Ann\" <ann@example.com>: DMARC of example.com"))
    #expect(run.errors.isEmpty)
    #expect(!run.text.contains("Evidence"))
  }

  @Test func tamperedBodyFails() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed().replacing("noon", with: "nine"))
    let run = try await scene.verify("a.eml", "--json")
    #expect(run.status == 1)
    let verdict = try #require(try run.objects().first)
    #expect(verdict["dkim"]?[0]?["result"] == .string("fail"))
    #expect(verdict["dmarc"]?["result"] == .string("fail"))
    #expect(verdict["dmarc"]?["disposition"] == .string("reject"))
    let text = try await scene.verify("a.eml")
    #expect(text.status == 1)
    #expect(
      text.text.contains(
        "NOT PROVEN  example.com does not vouch for this message; its owner asks to reject it"))
  }

  /// A stranger signs in his own name what says it is from example.com.
  @Test func spoofedAuthorFails() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed(by: "lists.example"))
    let run = try await scene.verify("a.eml", "--json")
    #expect(run.status == 1)
    let verdict = try #require(try run.objects().first)
    #expect(verdict["dkim"]?[0]?["result"] == .string("pass"))
    #expect(verdict["dmarc"]?["result"] == .string("fail"))
    #expect(verdict["dmarc"]?["dkim_aligned"] == .bool(false))
  }

  @Test(arguments: [
    // What stands before the first header line, and what is said of the author.
    ("From: eve@evil.example\r\n", "2 From fields"),
    ("X: 1\nFrom: eve@evil.example\r\n", "only some readers see"),
  ])
  func secondAuthorIsNeverGenuine(prefix: String, reason: String) async throws {
    let scene = try CommandScene()
    // One From alone is signed, so that the signature still holds.
    let signed = try scene.signed { $0.signedFields = ["From", "Subject"] }
    try scene.write("a.eml", "X-First: 1\r\n" + prefix + signed)
    let run = try await scene.verify("a.eml", "--json")
    #expect(run.status == 1)
    let verdict = try #require(try run.objects().first)
    #expect(verdict["dmarc"]?["result"] == .string("permerror"))
    #expect(verdict["dmarc"]?["reason"]?.text?.contains(reason) == true)
  }

  @Test func sessionMakesSPFCount() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", CommandScene.message())
    let session = ["--helo", "mx.example.com", "--mail-from", "<ann@example.com>"]
    let good = try await scene.verify(["a.eml", "--json", "--ip", "192.0.2.7"] + session)
    #expect(good.status == 0)
    let spf = try #require(try good.objects().first?["spf"])
    #expect(spf["result"] == .string("pass"))
    #expect(spf["mechanism"] == .string("ip4:192.0.2.0/24"))
    #expect(spf["helo"]?["domain"] == .string("mx.example.com"))
    let bad = try await scene.verify(["a.eml", "--json", "--ip", "2001:db8::1"] + session)
    #expect(bad.status == 1)
    #expect(try bad.objects().first?["spf"]?["result"] == .string("fail"))
  }

  @Test func noPolicyIsNoFailure() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", CommandScene.message(from: "x@lists.example"))
    let run = try await scene.verify("a.eml")
    #expect(run.status == 0)
    #expect(run.text.contains("UNPROTECTED  lists.example has no DMARC policy"))
  }
}

@Suite("signet verify --json: exactly the members that are promised")
struct VerdictMembersTests {
  private static let members: Set<String> = [
    "id", "file", "spf", "dkim", "arc", "dmarc", "addresses", "warnings",
    "authentication_results", "error",
  ]
  private static let spf: Set<String> = [
    "result", "identity", "domain", "record", "mechanism", "lookups", "void_lookups",
    "explanation", "helo",
  ]
  private static let dkim: Set<String> = [
    "result", "domain", "selector", "identity", "algorithm", "key_bits", "reason", "body_length",
    "timestamp", "expiration",
  ]
  private static let arc: Set<String> = [
    "result", "instances", "oldest_pass", "sealers", "reason",
  ]
  private static let dmarc: Set<String> = [
    "result", "from", "organizational_domain", "policy", "policy_domain", "record", "spf_aligned",
    "dkim_aligned", "disposition", "override", "reason",
  ]

  /// Whatever is known or not, no member is left out.
  @Test(arguments: [[], ["--ip", "192.0.2.1", "--helo", "h.example", "--mail-from", ""]])
  func areAllThere(session: [String]) async throws {
    let scene = try CommandScene()
    try scene.write("signed", try scene.signed())
    try scene.write("broken", "DKIM-Signature: nonsense\r\nSubject: x\r\n\r\n")
    let run = try await scene.verify(["signed", "broken", "--json"] + session)
    let verdicts = try run.objects()
    #expect(verdicts.count == 2)
    for verdict in verdicts {
      #expect(verdict.names == Self.members)
      #expect(verdict["spf"]?.names == Self.spf)
      #expect(verdict["spf"]?["helo"]?.names == ["result", "domain"])
      #expect(verdict["dkim"]?[0]?.names == Self.dkim)
      #expect(verdict["arc"]?.names == Self.arc)
      #expect(verdict["dmarc"]?.names == Self.dmarc)
      #expect(verdict["id"] == .null)
      #expect(verdict["error"] == .null)
      for address in try #require(verdict["addresses"]?.values) {
        #expect(
          address.names == ["field", "address", "display_name", "vouched_by", "warnings"])
      }
    }
    // How old a message is that somebody replays.
    #expect(verdicts[0]["dkim"]?[0]?["timestamp"] == .number(Double(CommandScene.now)))
    #expect(verdicts[0]["dkim"]?[0]?["expiration"] == .null)
    #expect(verdicts[1]["dkim"]?[0]?["timestamp"] == .null)
    #expect(verdicts[1]["dmarc"]?["from"] == .null)
    #expect(verdicts[1]["dkim"]?[0]?["domain"] == .null)
  }

  @Test func evidenceComesOnlyWhenAskedFor() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let run = try await scene.verify("a.eml", "--json", "--explain")
    let verdict = try #require(try run.objects().first)
    #expect(verdict.names == Self.members.union(["evidence"]))
    let evidence = try #require(verdict["evidence"]?.values)
    #expect(evidence.count > 5)
    for step in evidence {
      #expect(step.names == ["step", "subject", "found", "outcome", "cites"])
      #expect(step["cites"]?.text?.hasPrefix("RFC ") == true)
    }
    let text = try await scene.verify("a.eml", "--explain")
    #expect(text.text.contains("  Evidence\n"))
    #expect(text.text.contains("[RFC 6376 §"))
    #expect(text.text.contains("[RFC 9989 §"))
  }

  @Test func unreadableMessagesAreObjectsToo() async throws {
    let scene = try CommandScene()
    let run = try await scene.verify("none.eml", "--json", "--explain")
    #expect(run.status == 65)
    #expect(run.errors.isEmpty)
    let object = try #require(try run.objects().first)
    #expect(
      object
        == .object([
          "id": .null, "file": .string("none.eml"), "error": .string("no such file"),
        ]))
  }

  @Test func authenticationResultsAreOneLine() async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try scene.signed())
    let run = try await scene.verify("a.eml", "--json")
    let results = try #require(try run.objects().first?["authentication_results"]?.text)
    #expect(results.hasPrefix("mx.example; "))
    #expect(results.contains("dmarc=pass"))
    #expect(!results.contains("\n") && !results.contains("\r"))
  }
}
