public import DNS
import Wire

/// What every `Resolver` must do, whatever it is made of, asked over zones that it is to serve.
///
/// A suite serves `zones` by the resolver under test and expects `deviations` to be empty.
public struct ResolverConformance: Sendable {
  /// What a resolver may do without, since what it stands for has no such thing.
  public struct Features: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let aliases = Features(rawValue: 1)
    public static let wildcards = Features(rawValue: 2)
    public static let compactDenial = Features(rawValue: 4)
    public static let negativeTTLs = Features(rawValue: 8)
    public static let all: Features = [.aliases, .wildcards, .compactDenial, .negativeTTLs]
  }

  /// The zones by origin; the text stands below `$ORIGIN`.
  public static let zones: [(origin: String, text: String)] = [
    (
      "conformance.test.",
      """
      @        600 SOA ns hostmaster 1 3600 600 86400 120
      @        600 NS ns
      ns       600 A 127.0.0.1
      @        600 MX 10 mail
      @        600 MX 20 mail2
      mail     300 A 192.0.2.1
      mail     300 A 192.0.2.2
      mail     300 AAAA 2001:db8::1
      nullmx   300 MX 0 .
      text     300 TXT "one" "two three" ""
      octets   300 TXT "\\000\\001\\009\\010\\127\\128\\255;\\"\\\\"
      long     300 TXT \(longText)
      ptr      300 PTR mail
      cert     300 TLSA 3 1 1 \(String(repeating: "ab", count: 32))
      ca       300 CAA 128 issue "ca.example; policy=x"
      generic  300 TYPE65280 \\# 4 01020304
      x\\.y    300 A 192.0.2.3
      sp\\032a 300 A 192.0.2.4
      a.b.c    300 A 192.0.2.5
      *.w      300 TXT "wild"
      here.w   300 A 192.0.2.6
      alias    200 CNAME alias2
      alias2   300 CNAME mail
      lost     300 CNAME none
      other    300 CNAME www.other.test.
      loop1    300 CNAME loop2
      loop2    300 CNAME loop1
      *.v      300 CNAME mail
      many     300 TXT ( \(manyStrings) )
      \(manyRecords)
      compact  300 TYPE128 \\# 0
      """
    ),
    (
      "other.test.",
      """
      @    600 SOA ns hostmaster 1 3600 600 86400 60
      @    600 NS ns
      ns   600 A 127.0.0.1
      www  100 A 192.0.2.7
      """
    ),
  ]

  private static let longText = String(repeating: "x", count: 255)
  /// 2,000 octets in one record, and 4,000 in one set: more than fits in a datagram.
  private static let manyStrings = Array(repeating: String(repeating: "y", count: 200), count: 10)
    .joined(separator: " ")
  private static let manyRecords = (0..<20)
    .map { "set 300 TXT \(String(repeating: "z", count: 190))\($0)" }.joined(separator: "\n")

  /// The zones in memory, as far as master files can say it: `compact` is given the NSEC that its
  /// name stands for.
  public static func zoneFiles() throws -> [ZoneFile] {
    try zones.map { origin, text in
      let text = text.replacing(
        "TYPE128 \\# 0", with: "NSEC \\000.compact RRSIG NSEC NXNAME")
      return try ZoneFile(parsing: "$ORIGIN \(origin)\n\(text)", name: origin)
    }
  }

  /// - Parameter security: what each answer must claim.
  /// - Returns: a line for each thing that is not as it must be.
  public static func deviations(
    of resolver: some Resolver, security: Answer.Security, features: Features = .all
  ) async -> [String] {
    var deviations: [String] = []
    for expectation in ResolverExpectation.all where features.contains(expectation.needs) {
      deviations += await expectation.deviations(
        of: resolver, security: security, features: features)
    }
    if features.contains(.aliases) { deviations += await loopDeviations(of: resolver) }
    deviations += await crowdDeviations(of: resolver)
    return deviations + (await cancellationDeviations(of: resolver))
  }

  /// A loop ends in a failure, never in an answer.
  private static func loopDeviations(of resolver: some Resolver) async -> [String] {
    switch await result(resolver, "loop1.conformance.test", .a) {
    case .failure(.aliasLoop), .failure(.serverFailure): []
    case let other: ["loop1: \(other)"]
    }
  }

  /// Many may ask at once.
  private static func crowdDeviations(of resolver: some Resolver) async -> [String] {
    await withTaskGroup(of: String?.self) { group in
      for index in 0..<64 {
        group.addTask {
          let name = index.isMultiple(of: 2) ? "mail" : "none\(index)"
          let count = index.isMultiple(of: 2) ? 2 : 0
          let result = await result(resolver, "\(name).conformance.test", .a)
          if case .success(let answer) = result, answer.records.count == count { return nil }
          return "\(name), asked with others: \(result)"
        }
      }
      return await group.reduce(into: []) { lines, line in
        if let line { lines.append(line) }
      }
    }
  }

  /// A cancelled task gets the answer or `.cancelled`, and nothing else.
  private static func cancellationDeviations(of resolver: some Resolver) async -> [String] {
    let task = Task {
      await result(resolver, "cancelled.conformance.test", .a)
    }
    task.cancel()
    switch await task.value {
    case .failure(.cancelled), .success: return []
    case let other: return ["cancelled: \(other)"]
    }
  }

  static func result(
    _ resolver: some Resolver, _ name: String, _ type: RecordType
  ) async -> Result<Answer, LookupFailure> {
    guard let name = try? DomainName(presentation: Array(name.utf8), origin: .root) else {
      preconditionFailure("not a domain name: \(name)")
    }
    do {
      return .success(try await resolver.lookup(name, type))
    } catch {
      return .failure(error)
    }
  }
}
