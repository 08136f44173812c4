import Authentication
import MailTesting
import Testing

@Suite("signet verify: what is trusted and accepted")
struct PolicyOptionTests {
  /// A message of example.com, changed by a list that sealed what it had seen before.
  private static func throughList(
    _ scene: CommandScene, testimony: String = "dmarc=pass header.from=example.com"
  ) throws -> String {
    let changed = try scene.signed().replacing("lunch", with: "[list] lunch")
    let sealer = ARCSealer(try scene.signer(of: "lists.example"))
    let set = try sealer.fields(
      for: Array(changed.utf8), instance: 1, results: "mx.lists.example; \(testimony)",
      status: .none, now: CommandScene.now)
    return String(decoding: set, as: UTF8.self) + changed
  }

  @Test(arguments: [
    ([], 1, "reject"),
    (["--trust-sealer", "lists.example"], 0, "none"),
    (["--trust-sealer", "LISTS.example."], 0, "none"),
    (["--trust-sealer", "other.example"], 1, "reject"),
    (["--trust-sealer", "example"], 1, "reject"),
    (["--trust-sealer", "other.example", "--trust-sealer", "lists.example"], 0, "none"),
  ])
  func trustedSealer(options: [String], status: Int, disposition: String) async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", try Self.throughList(scene))
    let run = try await scene.verify(["a.eml", "--json"] + options)
    #expect(run.status == status)
    let verdict = try #require(try run.objects().first)
    #expect(verdict["arc"]?["result"] == .string("pass"))
    #expect(verdict["arc"]?["sealers"] == .array([.string("lists.example")]))
    #expect(verdict["dmarc"]?["result"] == .string("fail"))
    #expect(verdict["dmarc"]?["disposition"] == .string(disposition))
    #expect(
      verdict["dmarc"]?["override"]?["type"] == (status == 0 ? .string("local_policy") : nil))
  }

  @Test func trustedSealerThatSawItFail() async throws {
    let scene = try CommandScene()
    try scene.write(
      "a.eml", try Self.throughList(scene, testimony: "dmarc=fail header.from=example.com"))
    let run = try await scene.verify("a.eml", "--trust-sealer", "lists.example")
    #expect(run.status == 1)
    #expect(run.text.contains("NOT PROVEN"))
  }

  @Test(arguments: [
    ("198.51.100.0/24", 0), ("198.51.100.7", 0), ("2001:db8::/32", 1), ("198.51.100.8/32", 1),
  ])
  func trustedForwarder(network: String, status: Int) async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", CommandScene.message())
    let run = try await scene.verify(
      "a.eml", "--ip", "198.51.100.7", "--mail-from", "ann@example.com", "--trust-forwarder",
      network)
    #expect(run.status == status)
    #expect(run.text.contains("ACCEPTED") == (status == 0))
  }

  @Test func partialBody() async throws {
    let scene = try CommandScene()
    let signed = try scene.signed { $0.bodyLength = 10 }
    try scene.write("a.eml", signed + "P.S. send money\r\n")
    let strict = try await scene.verify("a.eml", "--json")
    #expect(strict.status == 1)
    #expect(try strict.objects().first?["dkim"]?[0]?["result"] != .string("pass"))
    let lenient = try await scene.verify("a.eml", "--json", "--accept-partial-body")
    #expect(lenient.status == 0)
    let signature = try #require(try lenient.objects().first?["dkim"]?[0])
    #expect(signature["result"] == .string("pass"))
    #expect(signature["body_length"] == .number(10))
  }

  /// A key in test mode: the signature, the option, what DKIM says, and the exit status, with a
  /// policy of the author's domain and without one.
  @Test(arguments: [
    (true, [], "pass", 0, 0), (true, ["--ignore-test-keys"], "policy", 1, 0),
    // What fails is worth as much as no signature, and no less.
    (false, [], "fail", 1, 0), (false, ["--ignore-test-keys"], "fail", 1, 0),
  ])
  func testKeys(
    isGood: Bool, options: [String], result: String, withPolicy: Int, without: Int
  ) async throws {
    let scene = try CommandScene()
    let record = scene.keyRecord.replacing("v=DKIM1; ", with: "v=DKIM1; t=y; ")
    try scene.write("dns.zone", scene.zoneText.replacing(scene.keyRecord, with: record))
    for (domain, status) in [("example.com", withPolicy), ("lists.example", without)] {
      let message = try scene.signed(
        CommandScene.message(from: "ann@\(domain)"), by: domain)
      try scene.write("a.eml", isGood ? message : message.replacing("noon", with: "nine"))
      let run = try await scene.verify(["a.eml", "--json"] + options)
      #expect(run.status == status, "\(domain)")
      #expect(try run.objects().first?["dkim"]?[0]?["result"] == .string(result))
      let text = try await scene.verify(["a.eml"] + options).text
      #expect(text.split(separator: "key in test mode").count == 2)
      #expect(text.contains("GENUINE") == (result == "pass" && domain == "example.com"))
    }
  }

  /// The author is below the organization that signs; one list says where organizations begin as
  /// the tree walk finds it, the other does not.
  @Test(arguments: [
    ("tree-walk", "example", 0), ("psl", "example", 0), ("compare", "example", 0),
    ("psl", "example.com", 1),
  ])
  func discovery(way: String, suffixes: String, status: Int) async throws {
    let scene = try CommandScene()
    try scene.write("psl.dat", "com\n\(suffixes)\n")
    try scene.write(
      "a.eml", try scene.signed(CommandScene.message(from: "ann@sales.example.com")))
    let run = try await scene.verify(
      "a.eml", "--json", "--explain", "--discovery", way, "--public-suffix-list", "psl.dat")
    #expect(run.status == status)
    let verdict = try #require(try run.objects().first)
    #expect((verdict["dmarc_comparison"] != nil) == (way == "compare"))
    if status == 0 {
      #expect(verdict["dmarc"]?["organizational_domain"] == .string("example.com"))
    }
    if way == "compare" { #expect(verdict["dmarc_comparison"] == .array([])) }
  }

  @Test func comparisonTellsDifferences() async throws {
    let zone = "_dmarc.dept.example.com. TXT \"v=DMARC1; p=none; psd=n\"\n"
    let scene = try CommandScene(zone: zone)
    try scene.write("psl.dat", "com\n")
    try scene.write("a.eml", CommandScene.message(from: "ann@a.dept.example.com"))
    let run = try await scene.verify(
      "a.eml", "--json", "--discovery", "compare", "--public-suffix-list", "psl.dat")
    let verdict = try #require(try run.objects().first)
    #expect(verdict["dmarc"]?["organizational_domain"] == .string("dept.example.com"))
    #expect(verdict["dmarc_comparison"]?.values?.isEmpty == false)
    let text = try await scene.verify(
      "a.eml", "--discovery", "compare", "--public-suffix-list", "psl.dat")
    #expect(text.text.contains("! DMARC differs: "))
  }

  @Test(arguments: [
    (["--trust-sealer", "a..b"], 64), (["--trust-forwarder", "192.0.2.0/33"], 64),
    (["--discovery", "guess"], 64), (["--public-suffix-list", "none.dat"], 65),
    (["--public-suffix-list", "."], 65),
  ])
  func badOptions(options: [String], status: Int) async throws {
    let scene = try CommandScene()
    try scene.write("a.eml", CommandScene.message())
    #expect(try await scene.verify(["a.eml"] + options).failsNeatly(status))
  }
}
