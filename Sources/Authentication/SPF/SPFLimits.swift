/// How much work one `check_host()` may cause (RFC 7208 §4.6.4). The defaults are the RFC's.
public struct SPFLimits: Hashable, Sendable {
  /// Terms that ask DNS: `include`, `a`, `mx`, `ptr`, `exists`, `redirect`, and the first `%{p}`.
  /// One more is `permerror`. Also bounds how deep includes may nest.
  public var lookups = 10
  /// Terms that got an empty answer or NXDOMAIN. One more is `permerror`.
  public var voidLookups = 2
  /// MX records of one `mx` whose addresses are looked up. One more is `permerror`.
  public var mxNames = 10
  /// PTR records of the client whose addresses are looked up. Further ones are ignored.
  public var ptrNames = 10
  /// Time for the whole check. Passing it is `temperror`; the RFC asks for 20 seconds or more.
  /// A look-up that still waits then is cancelled.
  public var duration: Duration = .seconds(20)
  /// Octets that macros may read in the whole check. Passing it is `permerror`.
  ///
  /// Not in the RFC: a record of 64 KiB holds 16,000 macros, and each could be replaced by a
  /// local-part of any length.
  public var macroOctets = 1 << 20
  /// The longest explanation returned, in octets; what is beyond is cut off (§6.2 allows it).
  public var explanationOctets = 500

  /// The defaults, which are those of RFC 7208 §4.6.4.
  public init() {}
}
