public import DNS
public import Wire

/// Follows a domain's SPF record through its includes, without judging any client.
public struct SPFExpander<DNS: Resolver>: Sendable {
  /// Where records are asked for.
  public var resolver: DNS
  /// Terms charged before the expansion stops; ten times what a receiver allows.
  public var maximumLookups = 100
  /// How deep includes and redirects are followed.
  public var maximumDepth = 20
  /// Terms looked at in all records together.
  public var maximumTerms = 10_000
  /// When no more is asked; a question that still waits then is given up.
  public var duration: Duration = .seconds(60)

  /// An expander with the default limits.
  public init(resolver: DNS) { self.resolver = resolver }

  /// Never throws: what goes wrong stands at its place in the tree.
  ///
  /// - Parameters:
  ///   - domain: the domain whose record is expanded.
  ///   - clock: measures `duration`.
  public func expand(
    _ domain: DomainName, clock: some Clock<Duration> = ContinuousClock()
  ) async -> SPFTree {
    let deadline = Deadline(after: duration, by: clock)
    let found = await deadline.run {
      var expansion = SPFExpansion(expander: self, root: domain, deadline: deadline)
      let root = await expansion.record(of: domain, path: [], decides: true)
      return SPFTree(root: root, lints: expansion.lints)
    }
    var tree = found ?? SPFTree(root: SPFTreeRecord(domain: domain), lints: [])
    if tree.lookups > SPFLimits().lookups { tree.lints.append(.tooManyLookups(tree.lookups)) }
    if tree.voidLookups > SPFLimits().voidLookups {
      tree.lints.append(.tooManyVoidLookups(tree.voidLookups))
    }
    return tree
  }
}
