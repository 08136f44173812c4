public import Wire

/// All that a domain's SPF record leads to, without any client: what it costs and whom it lists.
public struct SPFTree: Hashable, Sendable {
  /// The record of the domain asked about.
  public var root: SPFTreeRecord
  /// What is worth a publisher's attention, in the order in which it was met.
  public var lints: [SPFLint]

  /// A tree with what is odd about it.
  public init(root: SPFTreeRecord, lints: [SPFLint]) {
    self.root = root
    self.lints = lints
  }

  /// Terms charged (RFC 7208 §4.6.4) for a client that nothing matches before the end.
  public var lookups: Int { root.lookups }
  /// Terms that get no answer whatever the client.
  public var voidLookups: Int { root.voidLookups }
  /// Whether DNS left a part of the tree open.
  public var isIncomplete: Bool { root.hasGap }
  /// Every address block listed, through all includes and whatever the qualifiers; each once.
  public var networks: [IPNetwork] {
    var seen: Set<IPNetwork> = []
    return root.networks.filter { seen.insert($0).inserted }
  }
}

/// The record of one domain in the tree.
public struct SPFTreeRecord: Hashable, Sendable {
  /// Where the record stands.
  public var domain: DomainName
  /// As published, even where it is broken; nil where there is none.
  public var text: String?
  /// Why nothing follows from it: no record, several, DNS trouble, bad syntax.
  public var problem: String?
  /// The broken octet, where `problem` is bad syntax.
  public var syntaxError: SyntaxError?
  /// DNS did not answer: nothing is known of the record.
  public var isIncomplete = false
  /// DNS answered that there is no TXT record at all, or no such name (RFC 7208 §4.6.4).
  public var isVoid = false
  /// As published: the directives, then `redirect`.
  public var terms: [SPFTreeTerm]

  /// A record as published.
  public init(
    domain: DomainName, text: String? = nil, problem: String? = nil,
    syntaxError: SyntaxError? = nil, terms: [SPFTreeTerm] = []
  ) {
    self.domain = domain
    self.text = text
    self.problem = problem
    self.syntaxError = syntaxError
    self.terms = terms
  }

  /// Whether anything here or below is incomplete.
  var hasGap: Bool {
    isIncomplete || terms.contains { $0.isIncomplete || $0.record?.hasGap == true }
  }
  /// Terms charged here and below.
  public var lookups: Int { terms.reduce(0) { $0 + $1.lookups + ($1.record?.lookups ?? 0) } }
  /// Terms below that got an empty answer (RFC 7208 §4.6.4).
  public var voidLookups: Int {
    terms.reduce(0) { $0 + ($1.isVoid ? 1 : 0) + ($1.record?.voidLookups ?? 0) }
  }
  /// Listed here and below.
  public var networks: [IPNetwork] {
    terms.flatMap { $0.networks + ($0.record?.networks ?? []) }
  }
}

/// One directive, or `redirect`, in the tree.
public struct SPFTreeTerm: Hashable, Sendable {
  /// As published: `include:_spf.example.net`.
  public var text: String
  /// Nil for `redirect`.
  public var mechanism: SPFMechanism?
  /// What a match means; nil for a modifier.
  public var qualifier: SPFQualifier?
  /// What the term itself charges against the limit of ten: 0 or 1, or 2 with the first `%{p}`.
  /// 0 where it is never reached.
  public var lookups = 0
  /// No answer, neither for an IPv4 nor for an IPv6 client.
  public var isVoid = false
  /// The name that it means, where that does not depend on the message.
  public var target: DomainName?
  /// The mail exchangers of `mx`.
  public var hosts: [DomainName] = []
  /// The addresses of `a` and `mx` with their prefix lengths, or the block of `ip4` and `ip6`.
  public var networks: [IPNetwork] = []
  /// What it means is known only with a message: it holds macros such as `%{i}`.
  public var dependsOnMessage = false
  /// It stands behind `all`, or it is a `redirect` beside `all`.
  public var isUnreachable = false
  /// What went wrong with it: DNS trouble, a loop, a bound of the expansion.
  public var problem: String?
  /// DNS did not answer: what the term means is not known.
  public var isIncomplete = false
  /// The record that `include` or `redirect` leads to; at most one.
  public var records: [SPFTreeRecord] = []

  /// A term as published.
  public init(text: String, mechanism: SPFMechanism? = nil, qualifier: SPFQualifier? = nil) {
    self.text = text
    self.mechanism = mechanism
    self.qualifier = qualifier
  }

  /// The record that the term leads to, where it is one.
  public var record: SPFTreeRecord? { records.first }
}
