import Authentication
import Mail
import MailTesting
import Testing
import Wire

@Suite("sealing messages, RFC 8617 §5.1")
struct MessageSealerTests {
  private static func template(_ selector: String = "s1") throws -> SignatureTemplate {
    try SigningScene.template(SigningScene.ed25519, domain: "lists.example", selector: selector)
  }

  /// Verifies, then seals, as a forwarder does.
  private static func seal(
    _ message: [UInt8], pieces length: Int = .max
  ) async throws -> (outcome: MessageSealer.Outcome, chain: ARCVerdict) {
    let template = try template()
    let chain = try await SigningScene.verify(message, [template]).arc
    var sealer = MessageSealer(
      template, authservID: "mx.lists.example", chain: chain, now: SigningScene.now)
    var rest = message[...]
    while !rest.isEmpty {
      try sealer.read(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return (try sealer.finish(), chain)
  }

  private static func fields(_ outcome: MessageSealer.Outcome) throws -> [UInt8] {
    guard case .sealed(let fields, _, _) = outcome else {
      Issue.record("not sealed: \(outcome)")
      return []
    }
    return fields
  }

  /// Fifty seals on one message, each on top of the chain before; the next is refused.
  @Test func fiftySets() async throws {
    var message = SigningScene.letter
    for instance in 1...50 {
      // The chain is verified as a whole below.
      var sealer = MessageSealer(
        try Self.template(), authservID: "mx.lists.example",
        result: instance == 1 ? .none : .pass, now: SigningScene.now, isOnOneLine: false)
      try sealer.read(message[...])
      let outcome = try sealer.finish()
      guard case .sealed(let fields, instance, instance == 1 ? .none : .pass) = outcome else {
        Issue.record("set \(instance): \(outcome)")
        return
      }
      message = fields + message
    }
    let last = try await SigningScene.verify(message, [try Self.template()]).arc
    #expect(last.result == .pass && last.instances == 50)
    await #expect(throws: SigningFailure.tooManySets) { try await Self.seal(message) }
  }

  @Test func piecesChangeNothing() async throws {
    let message =
      try Self.fields(await Self.seal(SigningScene.letter).outcome) + SigningScene.letter
    let whole = try await Self.seal(message).outcome
    for length in [1, 2, 3, 7, 100] {
      #expect(try await Self.seal(message, pieces: length).outcome == whole)
    }
  }

  /// Broken chains get the next number and cv=fail; a chain that failed before is left alone.
  @Test(arguments: [
    ("ARC-Seal: i=1; cv=none\r\n", 2),
    ("ARC-Message-Signature: i=7\r\n", 8),
    ("ARC-Authentication-Results: i=3; x; spf=pass\r\n", 4),
    ("ARC-Seal: i=51; cv=none\r\n", 1),  // no instance at all
    ("ARC-Seal: rubbish\r\n", 1),
    ("ARC-Seal: i=2; cv=fail\r\nARC-Seal: i=3; cv=pass\r\n", 4),  // the newest counts
  ])
  func brokenChains(fields: String, instance: Int) async throws {
    let message = Array(fields.utf8) + SigningScene.letter
    let (outcome, _) = try await Self.seal(message)
    guard case .sealed(let own, instance, .fail) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    // The set verifies by itself (§5.1.2): alone, and numbered one, it would be a chain.
    #expect(own.text.contains("cv=fail"))
    let again = try await Self.seal(own + message).outcome
    #expect(again == .alreadyFailed(instance: instance))
  }

  @Test(arguments: ["fail", "FAIL", " fail "])
  func stopsBehindAFailure(status: String) async throws {
    let message = Array("ARC-Seal: i=2; cv=\(status); rubbish=1\r\n".utf8) + SigningScene.letter
    #expect(try await Self.seal(message).outcome == .alreadyFailed(instance: 2))
  }

  @Test func coversSignaturesAndNoResults() async throws {
    let message =
      Array(
        "DKIM-Signature: a\r\nAuthentication-Results: x.example; none\r\nDKIM-Signature: b\r\n".utf8
      )
      + SigningScene.letter
    let fields = try Self.fields(await Self.seal(message).outcome)
    let header = MessageHeader(octets: fields)
    let field = try #require(header.fields(named: "arc-message-signature").first)
    let names = try #require(
      try SigningScene.tags(Array(header.octets(of: field)))["h"]
    ).split(separator: ":")
    #expect(names.filter { $0 == "dkim-signature" }.count == 2)
    #expect(!names.contains { $0.hasPrefix("arc-") || $0 == "authentication-results" })
    #expect(names.filter { $0 == "from" }.count == 2)
  }

  @Test(
    arguments: [
      // Ours, in any case, behind a comment, of version 1.
      (["MX.Lists.Example; spf=pass"], " spf=pass"),
      (["(a;b) mx.lists.example 1; spf=pass"], " spf=pass"),
      // In order; comments and quotes are kept, blanks are made one.
      (
        [
          "mx.lists.example; spf=pass (a;\r\n  b) x.y=z",
          "mx.lists.example; dkim=fail reason=\"a;  b\"",
        ],
        " spf=pass (a; b) x.y=z;\r\n dkim=fail reason=\"a;  b\""
      ),
      // A final semicolon, as many write it.
      (
        ["mx.lists.example; spf=pass;", "mx.lists.example; dkim=none ;"], " spf=pass;\r\n dkim=none"
      ),
      // Not ours, unreadable, or empty.
      (
        ["x.mx.lists.example; spf=pass", "mx.lists.example; spf", "mx.lists.example; none"],
        " arc=none"
      ),
      (["mx.lists.example; none", "mx.lists.example; spf=pass"], " spf=pass"),
      ([], " arc=none"),
    ] as [([String], String)])
  func mergesResults(fields: [String], merged: String) async throws {
    let message =
      Array(fields.map { "Authentication-Results: \($0)\r\n" }.joined().utf8) + SigningScene.letter
    let own = try Self.fields(await Self.seal(message).outcome)
    #expect(
      own.text.hasSuffix(
        "ARC-Authentication-Results: i=1; mx.lists.example;\r\n\(merged)\r\n"), "\(own.text)")
    let chain = try await SigningScene.verify(own + message, [try Self.template()]).arc
    #expect(chain.result == .pass)
  }

  @Test func linesStayShort() async throws {
    let results = (0..<20).map { "dkim=pass header.d=d\($0).example.com header.s=selector\($0)" }
    let message =
      Array(
        "Authentication-Results: mx.lists.example;\r\n \(results.joined(separator: "; "))\r\n".utf8)
      + SigningScene.letter
    let own = try Self.fields(await Self.seal(message).outcome)
    for line in own.text.split(separator: "\r\n") { #expect(line.utf8.count <= 78) }
  }

  @Test func refusesABrokenHeader() async throws {
    let message = Array("X: a\rb\r\n".utf8) + SigningScene.letter
    await #expect(throws: SigningFailure.brokenHeader(.bareCarriageReturn(offset: 4))) {
      try await Self.seal(message)
    }
  }
}

extension [UInt8] {
  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
