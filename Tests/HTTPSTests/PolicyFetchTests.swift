import DNS
import HTTPS
import MailTesting
import Testing
import Transport
import Wire

@Suite("Policies over HTTPS, RFC 8461 §3.3")
struct PolicyFetchTests {
  static let body = Array("version: STSv1\r\nmode: none\r\nmax_age: 1\r\n".utf8)
  static let lab = LabCertificates.shared

  /// Fetches the policy of `example.test` from a host on loopback.
  static func fetch(
    _ answer: PolicyHost.Answer, chain: [LabCertificate]? = nil,
    version: PolicyHost.Version = .tls13, deadline: Duration = .seconds(30)
  ) async throws -> Result<FetchedPolicy, PolicyFetchFailure> {
    let chain = try chain ?? lab.chain(for: "mta-sts.example.test")
    let host = try await PolicyHost(chain: chain, version: version, answer: answer)
    var options = FetchOptions()
    options.port = host.port
    options.deadline = deadline
    options.allowsPrivateAddresses = true
    options.trustRoots = .certificates([lab.root.der])
    let client = PolicyFetchClient(resolver: Loopback(), options: options)
    let domain = try DomainName(parsing: "example.test")
    let result: Result<FetchedPolicy, PolicyFetchFailure>
    do { result = .success(try await client.fetchPolicy(of: domain)) } catch {
      result = .failure(error)
    }
    await host.stop()
    return result
  }

  /// The failure and a part of its reason.
  static func expect(
    _ result: Result<FetchedPolicy, PolicyFetchFailure>, _ failure: TLSFailure, _ part: String,
    _ place: SourceLocation = #_sourceLocation
  ) {
    guard case .failure(let found) = result else {
      Issue.record("fetched: \(result)", sourceLocation: place)
      return
    }
    #expect(found.failure == failure, "\(found)", sourceLocation: place)
    #expect(found.reason.contains(part), "\(found)", sourceLocation: place)
  }

  @Test func fetchesTheBody() async throws {
    let file = try await Self.fetch(PolicyHost.answer("200 OK", Self.body)).get()
    #expect(file.body == Self.body)
    #expect(file.isPlainText)
    let html = PolicyHost.answer("200 OK", Self.body, fields: ["Content-Type: text/html"])
    #expect(try await Self.fetch(html).get().isPlainText == false)
  }

  @Test(arguments: [
    "301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect",
    "308 Permanent Redirect", "404 Not Found", "500 Internal Server Error", "204 No Content",
    "206 Partial Content",
  ])
  func onlyStatus200Counts(status: String) async throws {
    let answer = PolicyHost.answer(
      status, status.hasPrefix("204") ? [] : Self.body,
      fields: ["Location: https://mta-sts.example.test/other"])
    Self.expect(
      try await Self.fetch(answer), .stsPolicyFetchError, "HTTP status \(status.prefix(3))")
  }

  @Test func sixtyFourKibibytesAreRead() async throws {
    let most = [UInt8](repeating: 0x61, count: 65_536)
    #expect(try await Self.fetch(PolicyHost.answer("200 OK", most)).get().body == most)
    let more = PolicyHost.answer("200 OK", most + [0x61])
    Self.expect(try await Self.fetch(more), .stsPolicyFetchError, "more than 65536 octets")
    let unannounced = Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + most
    #expect(try await Self.fetch(.octets(unannounced)).get().body == most)
    Self.expect(
      try await Self.fetch(.octets(unannounced + [0x61])), .stsPolicyFetchError,
      "more than 65536 octets")
  }

  @Test func endlessChunksAreCut() async throws {
    Self.expect(
      try await Self.fetch(.endlessChunks), .stsPolicyFetchError, "more than 65536 octets")
  }

  @Test func slownessMeetsTheDeadline() async throws {
    for answer in [
      PolicyHost.Answer.drip(milliseconds: 20), .octetsThenSilence([]),
      .octetsThenSilence(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nver".utf8)),
    ] {
      Self.expect(
        try await Self.fetch(answer, deadline: .milliseconds(500)), .stsPolicyFetchError,
        "timed out")
    }
  }

  @Test func compressionIsRefused() async throws {
    let bomb = PolicyHost.answer("200 OK", [0x1F, 0x8B, 8, 0], fields: ["Content-Encoding: gzip"])
    Self.expect(try await Self.fetch(bomb), .stsPolicyFetchError, "Content-Encoding gzip")
  }

  @Test func whatIsNoHTTPIsRefused() async throws {
    for text in [
      "220 mail.example.test ESMTP\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nver",
    ] {
      let result = try await Self.fetch(.octets(Array(text.utf8)))
      Self.expect(result, .stsPolicyFetchError, "")
    }
  }

  @Test(arguments: [
    LabCertificates.Fault.expired, .notYetValid, .wrongName, .selfSigned, .strangeAuthority,
    .missingIntermediate, .commonNameOnly,
  ])
  func badCertificatesAreTold(fault: LabCertificates.Fault) async throws {
    let chain = try Self.lab.chain(for: "mta-sts.example.test", fault)
    let result = try await Self.fetch(PolicyHost.answer("200 OK", Self.body), chain: chain)
    Self.expect(result, .stsWebPKIInvalid, "")
  }

  @Test func aWildcardOfOneLabelIsRight() async throws {
    let chain = try Self.lab.chain(for: "mta-sts.example.test", .wildcard)
    let result = try await Self.fetch(PolicyHost.answer("200 OK", Self.body), chain: chain)
    #expect(try result.get().body == Self.body)
    let partial = [try Self.lab.server(for: "mta-*.example.test"), Self.lab.intermediate]
    Self.expect(
      try await Self.fetch(PolicyHost.answer("200 OK", Self.body), chain: partial),
      .stsWebPKIInvalid, "")
  }

  @Test func oldTLSIsRefused() async throws {
    let answer = PolicyHost.answer("200 OK", Self.body)
    Self.expect(try await Self.fetch(answer, version: .tls11), .stsPolicyFetchError, "")
  }

  @Test(arguments: [
    "127.0.0.1", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.0.8", "198.19.0.1", "::1",
    "::", "::ffff:10.0.0.1", "fe80::1", "fd00::1", "ff02::1", "2001:db8::1", "2002:0a00:1::",
    "64:ff9b::10.0.0.1", "2001::1",
  ])
  func privateAddressesAreRefused(text: String) async throws {
    let client = PolicyFetchClient(resolver: Loopback(try IPAddress(parsing: Array(text.utf8))))
    let domain = try DomainName(parsing: "example.test")
    let error = await #expect(throws: PolicyFetchFailure.self) {
      try await client.fetchPolicy(of: domain)
    }
    #expect(error?.reason.contains("no public address") == true)
  }

  @Test(arguments: [
    "http://example.com/", "https://", "https://u@example.com/", "https://127.0.0.1/",
    "https://[::1]/", "https://example.com:70000/", "https://example.com/#x",
    "https://example.com/a b", "ftp://example.com",
  ])
  func otherURLsAreRefused(url: String) async throws {
    let client = PolicyFetchClient(resolver: Loopback())
    let error = await #expect(throws: PolicyFetchFailure.self) { try await client.fetch(url: url) }
    #expect(error?.reason.hasPrefix("not a URL that is fetched") == true)
  }

  @Test func aListIsFetchedByItsURL() async throws {
    let chain = try Self.lab.chain(for: "lists.example.test")
    let host = try await PolicyHost(chain: chain, answer: PolicyHost.answer("200 OK", Self.body))
    var options = FetchOptions()
    options.allowsPrivateAddresses = true
    options.trustRoots = .certificates([Self.lab.root.der])
    let client = PolicyFetchClient(resolver: Loopback(), options: options)
    let url = "https://lists.example.test:\(host.port)/policy.json?x=1"
    #expect(try await client.fetch(url: url).body == Self.body)
    let short = await #expect(throws: PolicyFetchFailure.self) {
      try await client.fetch(url: url, limit: Self.body.count - 1)
    }
    #expect(short?.reason == "more than \(Self.body.count - 1) octets")
    await host.stop()
  }
}

/// Every name has this one address.
struct Loopback: Resolver {
  var address: IPAddress

  init(_ address: IPAddress = .v4(0x7F00_0001)) { self.address = address }

  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer {
    let record: Record = address.isIPv4 ? .a(address) : .aaaa(address)
    let outcome: Answer.Outcome = record.type == type ? .records([record]) : .noData
    return Answer(outcome, expandedName: name, ttl: 60)
  }
}
