/// How long a policy finder waits, and how often it asks.
public struct STSFinderLimits: Hashable, Sendable {
  /// How long one ask for a policy may take; the fetch goes on without it, and what it brings is
  /// kept for the next ask.
  public var wait: Duration = .seconds(60)
  /// How old a body may get before it is fetched again under the same `id`, in seconds (RFC 8461
  /// §3.3 suggests a day). A policy of a shorter `max_age` is fetched at half of that.
  public var refreshInterval: UInt64 = 86_400
  /// How long nothing is fetched after a failure under the same `id`, in seconds (§3.3: five
  /// minutes or longer).
  public var retryInterval: UInt64 = 300
  /// For how many domains failures and refresh times are remembered.
  public var rememberedDomains = 50_000

  /// The defaults.
  public init() {}
}
