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
  /// When no more is asked. One question is bounded by the resolver.
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
    var expansion = SPFExpansion(
      expander: self, root: domain, clock: clock, deadline: clock.now.advanced(by: duration))
    let root = await expansion.record(of: domain, path: [], decides: true)
    var tree = SPFTree(root: root, lints: expansion.lints)
    if tree.lookups > SPFLimits().lookups { tree.lints.append(.tooManyLookups(tree.lookups)) }
    if tree.voidLookups > SPFLimits().voidLookups {
      tree.lints.append(.tooManyVoidLookups(tree.voidLookups))
    }
    return tree
  }
}
