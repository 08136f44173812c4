import DNS
import Wire

/// One question over the zones of `ResolverConformance`, and what must come of it.
struct ResolverExpectation: Sendable {
  enum Outcome: Equatable {
    case records(Set<Record>)
    case count(Int)
    case noData
    case noSuchName
  }

  var name: String
  var type: RecordType
  var outcome: Outcome
  /// Where the records stand, if not at the name asked for.
  var expandedName: String?
  /// The TTL at first; a cache may have let it shrink.
  var ttl: UInt32
  var needs: ResolverConformance.Features

  init(
    _ name: String, _ type: RecordType, _ outcome: Outcome, at expandedName: String? = nil,
    ttl: UInt32, needs: ResolverConformance.Features = []
  ) {
    self.name = name
    self.type = type
    self.outcome = outcome
    self.expandedName = expandedName
    self.ttl = ttl
    self.needs = needs
  }

  private static func a(_ last: UInt32...) -> Outcome {
    .records(Set(last.map { .a(.v4(0xC000_0200 | $0)) }))
  }

  private static let origin = "conformance.test"
  private static let mail = "mail.conformance.test"

  private static func target(_ name: String) -> DomainName {
    (try? DomainName(presentation: Array(name.utf8), origin: .root)) ?? .root
  }

  static let all: [ResolverExpectation] = records + negatives + wildcards + aliases

  private static let records: [ResolverExpectation] = [
    .init("mail.\(origin)", .a, a(1, 2), ttl: 300),
    .init("MAIL.Conformance.TEST", .a, a(1, 2), ttl: 300),
    .init(
      "mail.\(origin)", .aaaa,
      .records([.aaaa(.v6(0x2001_0db8_0000_0000_0000_0000_0000_0001))]), ttl: 300),
    .init(
      origin, .mx,
      .records([
        .mx(preference: 10, exchange: target(mail)),
        .mx(preference: 20, exchange: target("mail2.\(origin)")),
      ]), ttl: 600),
    // A null MX: its host is the root (RFC 7505).
    .init("nullmx.\(origin)", .mx, .records([.mx(preference: 0, exchange: .root)]), ttl: 300),
    // Strings stay apart, the empty one too.
    .init(
      "text.\(origin)", .txt,
      .records([.txt([Array("one".utf8), Array("two three".utf8), []])]), ttl: 300),
    .init(
      "octets.\(origin)", .txt,
      .records([.txt([[0, 1, 9, 10, 127, 128, 255, 0x3B, 0x22, 0x5C]])]), ttl: 300),
    .init(
      "long.\(origin)", .txt,
      .records([.txt([[UInt8](repeating: 0x78, count: 255)])]), ttl: 300),
    .init("ptr.\(origin)", .ptr, .records([.ptr(target(mail))]), ttl: 300),
    .init(
      "cert.\(origin)", .tlsa,
      .records([
        .tlsa(
          TLSARecord(
            usage: 3, selector: 1, matchingType: 1,
            associationData: [UInt8](repeating: 0xAB, count: 32)))
      ]), ttl: 300),
    .init(
      "ca.\(origin)", .caa,
      .records([
        .caa(CAARecord(flags: 128, tag: "issue", value: Array("ca.example; policy=x".utf8)))
      ]), ttl: 300),
    .init(
      "generic.\(origin)", RecordType(rawValue: 65280),
      .records([.other(RecordType(rawValue: 65280), [1, 2, 3, 4])]), ttl: 300),
    .init(origin, .ns, .records([.ns(target("ns.\(origin)"))]), ttl: 600),
    // A dot inside a label, and a blank.
    .init("x\\.y.\(origin)", .a, a(3), ttl: 300),
    .init("sp\\032a.\(origin)", .a, a(4), ttl: 300),
    // More than fits in a datagram.
    .init("many.\(origin)", .txt, .count(1), ttl: 300),
    .init("set.\(origin)", .txt, .count(20), ttl: 300),
  ]

  private static let negatives: [ResolverExpectation] = [
    .init("none.\(origin)", .a, .noSuchName, ttl: 120),
    .init("deeper.none.\(origin)", .txt, .noSuchName, ttl: 120),
    .init("x.mail.\(origin)", .a, .noSuchName, ttl: 120),
    .init("mail.\(origin)", .txt, .noData, ttl: 120),
    // Not the dotted label.
    .init("y.\(origin)", .a, .noSuchName, ttl: 120),
    // Empty non-terminals.
    .init("c.\(origin)", .a, .noData, ttl: 120),
    .init("b.c.\(origin)", .txt, .noData, ttl: 120),
    .init("z.c.\(origin)", .txt, .noSuchName, ttl: 120),
    // As long as a name may be.
    .init(
      Array(repeating: String(repeating: "n", count: 63), count: 3).joined(separator: ".")
        + "." + String(repeating: "n", count: 44) + ".\(origin)", .a, .noSuchName, ttl: 120),
    .init("compact.\(origin)", .txt, .noSuchName, ttl: 120, needs: .compactDenial),
  ]

  private static let wildcards: [ResolverExpectation] = [
    .init(
      "any.w.\(origin)", .txt, .records([.txt([Array("wild".utf8)])]), ttl: 300,
      needs: .wildcards),
    .init(
      "a.b.any.w.\(origin)", .txt, .records([.txt([Array("wild".utf8)])]), ttl: 300,
      needs: .wildcards),
    .init("any.w.\(origin)", .a, .noData, ttl: 120, needs: .wildcards),
    .init("here.w.\(origin)", .txt, .noData, ttl: 120, needs: .wildcards),
    .init("x.here.w.\(origin)", .txt, .noSuchName, ttl: 120, needs: .wildcards),
    .init("w.\(origin)", .txt, .noData, ttl: 120, needs: .wildcards),
    .init("x.v.\(origin)", .a, a(1, 2), at: mail, ttl: 300, needs: [.wildcards, .aliases]),
  ]

  private static let aliases: [ResolverExpectation] = [
    .init("alias.\(origin)", .a, a(1, 2), at: mail, ttl: 200, needs: .aliases),
    .init("alias.\(origin)", .txt, .noData, at: mail, ttl: 120, needs: .aliases),
    .init(
      "alias.\(origin)", .cname, .records([.cname(target("alias2.\(origin)"))]), ttl: 200,
      needs: .aliases),
    .init(
      "lost.\(origin)", .a, .noSuchName, at: "none.\(origin)", ttl: 120, needs: .aliases),
    .init("other.\(origin)", .a, a(7), at: "www.other.test", ttl: 100, needs: .aliases),
    .init("other.\(origin)", .txt, .noData, at: "www.other.test", ttl: 60, needs: .aliases),
  ]

  /// Asks twice, since the second answer may come from a cache.
  func deviations(
    of resolver: some Resolver, security: Answer.Security,
    features: ResolverConformance.Features
  ) async -> [String] {
    var lines: [String] = []
    for _ in 0..<2 {
      switch await ResolverConformance.result(resolver, name, type) {
      case .failure(let failure):
        lines.append("\(name) \(type): \(failure)")
      case .success(let answer):
        lines += deviations(of: answer, security: security, features: features)
          .map { "\(name) \(type): \($0)" }
      }
    }
    return lines
  }

  private func deviations(
    of answer: Answer, security: Answer.Security, features: ResolverConformance.Features
  ) -> [String] {
    var lines: [String] = []
    if !agrees(answer.outcome) { lines.append("\(answer.outcome), not \(outcome)") }
    if answer.expandedName != Self.target(expandedName ?? name) {
      lines.append("expanded to \(answer.expandedName)")
    }
    if answer.security != security { lines.append("\(answer.security)") }
    let isPositive = if case .records = answer.outcome { true } else { false }
    let bounds = max(0, Int(ttl) - 30)...Int(ttl)
    if isPositive || features.contains(.negativeTTLs), !bounds.contains(Int(answer.ttl)) {
      lines.append("TTL \(answer.ttl), not \(ttl)")
    }
    return lines
  }

  private func agrees(_ found: Answer.Outcome) -> Bool {
    switch (found, outcome) {
    case (.noData, .noData), (.noSuchName, .noSuchName): true
    case (.records(let records), .count(let count)): records.count == count
    case (.records(let records), .records(let wanted)):
      records.count == wanted.count && Set(records) == wanted
    default: false
    }
  }
}
