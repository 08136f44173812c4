import Authentication
import DNS
import MailTesting
import Wire

/// A message and the DNS it is judged by, in as few words as a table row has room for.
struct DMARCScene: Sendable {
  /// TXT records by name.
  var txt: [String: [String]] = [:]
  /// Names that fail.
  var failures: [String: LookupFailure] = [:]
  /// Names that have an address.
  var hosts: [String] = []

  init(
    _ txt: [String: [String]] = [:], failures: [String: LookupFailure] = [:],
    hosts: [String] = []
  ) {
    self.txt = txt
    self.failures = failures
    self.hosts = hosts
  }

  var resolver: ScriptedResolver {
    get throws {
      var scripts: [DomainName: [ScriptedResolver.Script]] = [:]
      for (name, texts) in txt {
        scripts[try DomainName(parsing: name), default: []].append(
          .records(texts.map { .txt([Array($0.utf8)]) }))
      }
      for name in hosts {
        scripts[try DomainName(parsing: name), default: []].append(
          .records([.a(try IPAddress(parsing: Array("192.0.2.1".utf8)))]))
      }
      for (name, failure) in failures {
        scripts[try DomainName(parsing: name), default: []].append(.failure(failure))
      }
      return ScriptedResolver(scripts)
    }
  }

  /// Each identifier is `pass example.com`, `fail example.com` or `temperror example.com`.
  static func identifiers(
    from authors: [String], spf: String? = nil, dkim: [String] = []
  ) throws -> DMARCIdentifiers {
    DMARCIdentifiers(
      authorDomains: try authors.map { try DomainName(parsing: $0) },
      spf: try spf.map(identifier), dkim: try dkim.map(identifier))
  }

  private static func identifier(_ text: String) throws -> DMARCIdentifier {
    let words = text.split(separator: " ")
    guard words.count == 2, let outcome = DMARCIdentifier.Outcome(rawValue: String(words[0]))
    else { throw SyntaxError(.badValue("identifier"), at: 0) }
    return DMARCIdentifier(domain: try DomainName(parsing: String(words[1])), outcome: outcome)
  }

  func evaluate(
    from authors: String..., spf: String? = nil, dkim: [String] = [],
    by discovery: DMARCDiscovery = .treeWalk, sample: Int? = nil
  ) async throws -> DMARCVerdict {
    await DMARCVerifier(resolver: try resolver, discovery: discovery).evaluate(
      try Self.identifiers(from: authors, spf: spf, dkim: dkim), sample: sample)
  }
}
