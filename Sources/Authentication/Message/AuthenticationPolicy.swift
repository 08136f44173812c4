public import Mail
public import Wire

/// What we accept, whom we trust, and how much work one message may cost.
public struct AuthenticationPolicy: Sendable {
  /// How the lines of the message end.
  public var lineEnds = LineEnds.crlf
  /// Octets of a header section; a longer one makes the message unreadable.
  public var headerLimit = MessageReader.defaultHeaderLimit
  /// What one SPF check may cost (RFC 7208 §4.6.4).
  public var spf = SPFLimits()
  /// Which signatures count.
  public var dkim = DKIMPolicy()
  /// What the search for a DMARC record may cost.
  public var dmarc = DMARCLimits()
  /// How the Organizational Domain is found.
  public var discovery = DMARCDiscovery.treeWalk
  /// Names below which the public registers: no signature of theirs counts, and the comparison of
  /// both ways of discovery needs it.
  public var publicSuffixes: PublicSuffixList?
  /// Whether DMARC is evaluated both by tree walk and by public suffix list.
  public var comparesDiscoveries = false
  /// Sealers whose ARC-Authentication-Results we believe (RFC 8617 §7.2).
  public var trustedSealers: Set<DomainName> = []
  /// Clients that forward mail for us, so that SPF and DKIM may fail there.
  public var trustedForwarders: [IPNetwork] = []
  /// Our host name, for `%{r}` of SPF explanations.
  public var receiver: DomainName?
  /// Questions that one message may ask of DNS; beyond it every answer is a time-out, so the
  /// results become `temperror`.
  public var maximumLookups = 400
  /// How long a message may keep asking DNS; what still waits for an answer then is a time-out.
  public var lookupTime: Duration = .seconds(60)

  /// The defaults: nobody is trusted.
  public init() {}
}
