import MailTesting
import Testing
import Transport

@Suite("signet tls")
struct TLSCommandTests {
  private static let zone = """
    dane.example. MX 10 mx.dane.example.
    mx.dane.example. A 192.0.2.1
    _25._tcp.mx.dane.example. TLSA 3 1 1 \(String(repeating: "ab", count: 32))
    sts.example. MX 10 mx.sts.example.
    sts.example. MX 20 mx.other.example.
    mx.sts.example. A 192.0.2.2
    mx.other.example. A 192.0.2.9
    _mta-sts.sts.example. TXT "v=STSv1; id=1"
    listed.example. MX 10 mx.listed.example.
    mx.listed.example. A 192.0.2.3
    plain.example. MX 10 mx.plain.example.
    mx.plain.example. A 192.0.2.4
    null.example. MX 0 .

    """

  private static let policy = """
    version: STSv1
    mode: enforce
    mx: mx.sts.example
    max_age: 604800

    """

  /// RFC 8410 §10.3.
  private static let listKey = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    -----END PRIVATE KEY-----
    """

  private static func scene(expires: UInt64 = CommandScene.now + 1) throws -> CommandScene {
    let scene = try CommandScene(zone: zone)
    try scene.write("sts.txt", policy)
    let list = """
      {"version": "0.1", "timestamp": 1795000000, "expires": \(expires), "policy-aliases": {},
       "policies": {"listed.example": {"mode": "enforce", "mxs": ["mx.listed.example"]}}}
      """
    let key = try PolicyListSigningKey(pem: listKey)
    try scene.write("list.json", list)
    try scene.write("list.json.sig", "\(try key.signature(over: Array(list.utf8)))")
    try scene.write("key.pub", "\(key.publicKey)")
    return scene
  }

  private static let fixed = ["tls", "--zone", "dns.zone", "--now", "\(CommandScene.now)"]
  private static let planned = [
    "--assume-signed", "--sts-policy", "sts.example=sts.txt", "--policy-list", "list.json",
    "--policy-list-key", "key.pub",
  ]

  @Test(arguments: [
    ("dane.example", "PROTECTED", "dane", "dane", 0),
    ("sts.example", "PROTECTED", "mta-sts", "web-pki", 0),
    ("listed.example", "PROTECTED", "policy-list", "web-pki", 0),
    ("plain.example", "OPEN", "opportunistic", "opportunistic", 0),
    ("[mx.dane.example]", "PROTECTED", "dane", "dane", 0),
    ("[mx.plain.example]:2525", "OPEN", "opportunistic", "opportunistic", 0),
    ("null.example", "NO MAIL", nil, nil, 1),
    ("nowhere.example", "NO MAIL", nil, nil, 1),
  ])
  func decides(
    destination: String, word: String, mechanism: String?, level: String?, status: Int
  ) async throws {
    let scene = try Self.scene()
    let text = try await scene.signet(Self.fixed + Self.planned + [destination])
    #expect(text.status == status)
    #expect(text.text.contains("  \(word)  "))
    #expect(text.errors.isEmpty)
    let json = try await scene.signet(Self.fixed + Self.planned + ["--json", destination])
    #expect(json.status == status)
    let object = try #require(try json.objects().first)
    let host = object["hosts"]?[0]
    #expect(host?["mechanism"]?.text == mechanism)
    #expect(host?["requirement"]?["level"]?.text == level)
    #expect(
      object.names == [
        "destination", "port", "hosts", "mx_secure", "dnssec_validated", "policy_failure",
        "outcome", "failure", "reason",
      ])
  }

  @Test func aHostThatThePolicyDoesNotListIsRefused() async throws {
    let json = try await Self.scene().signet(Self.fixed + Self.planned + ["--json", "sts.example"])
    let hosts = try #require(try json.objects().first?["hosts"]?.values)
    #expect(hosts.compactMap { $0["permission"]?.text } == ["allowed", "refused"])
  }

  /// RFC 7672 §2.2.1: without validation nothing is secure, and that is said loudly.
  @Test func saysThatNobodyValidates() async throws {
    let scene = try Self.scene()
    let text = try await scene.signet(Self.fixed + ["--explain", "dane.example"])
    #expect(text.status == 0)
    #expect(text.text.contains("  OPEN  "))
    #expect(text.text.contains("DANE IS OFF"))
    #expect(text.errorText.contains("DANE IS OFF"))
    let json = try await scene.signet(Self.fixed + ["--json", "--explain", "dane.example"])
    let object = try #require(try json.objects().first)
    #expect(object["dnssec_validated"] == .bool(false))
    #expect(object["evidence"]?.values?.isEmpty == false)
    #expect(object["hosts"]?[0]?["evidence"]?.values?.isEmpty == false)
  }

  /// A kept policy holds though TXT record and policy host have gone (RFC 8461 §10.2).
  @Test func aKeptPolicyOutlivesWhatAnnouncedIt() async throws {
    let scene = try Self.scene()
    let first = try await scene.signet(
      Self.fixed + Self.planned + ["--state", ".", "sts.example"])
    #expect(first.text.contains("mta-sts:"))
    try scene.write(
      "dns.zone", Self.zone.replacing("_mta-sts.sts.example. TXT \"v=STSv1; id=1\"\n", with: ""))
    let later = try await scene.signet(Self.fixed + ["--state", ".", "--json", "sts.example"])
    let hosts = try #require(try later.objects().first?["hosts"]?.values)
    #expect(hosts.compactMap { $0["mechanism"]?.text } == ["mta-sts", "mta-sts"])
    let forgetful = try await scene.signet(Self.fixed + ["--json", "sts.example"])
    let open = try #require(try forgetful.objects().first?["hosts"]?.values)
    #expect(open.compactMap { $0["mechanism"]?.text } == ["opportunistic", "opportunistic"])
  }

  @Test func anExpiredListCountsForNothing() async throws {
    let scene = try Self.scene(expires: CommandScene.now)
    let text = try await scene.signet(Self.fixed + Self.planned + ["listed.example"])
    #expect(text.text.contains("  OPEN  "))
    #expect(text.errorText.contains("out of date"))
  }

  @Test func aListWithoutItsSignatureIsRefused() async throws {
    let scene = try Self.scene()
    try scene.write("list.json", "{}")
    let text = try await scene.signet(Self.fixed + Self.planned + ["listed.example"])
    #expect(text.failsNeatly(65))
    #expect(text.errorText.contains("not signed by the key given"))
  }

  @Test(arguments: [
    (["--override", "dane-only", "plain.example"], "defer", 2),
    (["--override", "encrypt", "plain.example"], "deliver", 0),
    (["--require-tls", "plain.example"], "deliver", 0),
    (["--tls-optional", "sts.example"], "deliver", 0),
  ])
  func obeysOperatorAndMessage(options: [String], outcome: String, status: Int) async throws {
    let scene = try Self.scene()
    let json = try await scene.signet(Self.fixed + Self.planned + ["--json"] + options)
    #expect(json.status == status)
    #expect(try json.objects().first?["outcome"]?.text == outcome)
  }

  @Test(arguments: [
    ["plain..example"], ["[192.0.2.1"], ["plain.example:0"],
    ["--policy-list", "list.json", "plain.example"], ["--sts-policy", "x", "plain.example"],
    ["--require-tls", "--tls-optional", "plain.example"], ["--insecure-mx", "no", "plain.example"],
  ])
  func refusesWrongUsage(arguments: [String]) async throws {
    let outcome = try await Self.scene().signet(
      Self.fixed + ["--assume-signed"] + arguments)
    #expect(outcome.failsNeatly(64), "\(outcome.errorText)")
  }
}
