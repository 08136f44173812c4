import Wire

/// A DMARC Policy Record: the TXT record at `_dmarc.` and a domain (RFC 9989 §4.7, §4.8).
///
///     v=DMARC1; p=quarantine; sp=reject; np=reject; rua=mailto:reports@example.com; t=y
///
/// Only the version decides whether there is a record: `v` stands first and its value is
/// `DMARC1` in capitals. After that nothing makes the record fail: unknown tags are ignored, and
/// a value that breaks its rule leaves the default (§4.8). Names and values match in any case,
/// `DMARC1` excepted. Of a repeated tag the first counts; the RFC does not say, so the second is
/// taken as a syntax error of the remainder.
///
/// Wider than §4.8 by white space before `v` and line ends around values, which the tag-list of
/// RFC 6376 §3.2 allows.
public struct DMARCRecord: Hashable, Sendable {
  /// All strings of the TXT record joined (§4.5).
  public let octets: [UInt8]
  /// The policy for the domain itself; nil where the tag is absent or not valid.
  public internal(set) var p: DMARCPolicy?
  /// The policy for subdomains that exist; nil where the tag is absent or not valid.
  public internal(set) var sp: DMARCPolicy?
  /// The policy for subdomains that do not exist; nil where the tag is absent or not valid.
  public internal(set) var np: DMARCPolicy?
  /// `psd`: whether the domain is a public suffix (RFC 9989 §4.7).
  public internal(set) var psd = DMARCPublicSuffixFlag.undeclared
  /// `t=y`: the owner expects the policy one level below the published one.
  public internal(set) var isTesting = false
  /// `adkim`: how DKIM domains are compared (RFC 9989 §4.7).
  public internal(set) var adkim = DMARCAlignmentMode.relaxed
  /// `aspf`: how SPF domains are compared (RFC 9989 §4.7).
  public internal(set) var aspf = DMARCAlignmentMode.relaxed
  /// Where aggregate reports are wanted: the valid URIs, at most `maximumReportURIs`.
  public internal(set) var rua: [DMARCReportURI] = []
  /// Where failure reports are wanted: the valid URIs, at most `maximumReportURIs`.
  public internal(set) var ruf: [DMARCReportURI] = []
  /// When failure reports are wanted. The default where `ruf` is absent.
  public internal(set) var fo: Set<DMARCFailureOption> = [.noneAligned]
  /// The share of messages, 0 to 100, to which RFC 7489 §6.3 applies the policy.
  public internal(set) var pct: Int?
  /// Tags whose value breaks their rule.
  public internal(set) var invalidTags: Set<DMARCTag> = []
  /// What has no effect, in the order published; at most `maximumIgnoredTags`.
  public internal(set) var ignoredTags: [DMARCIgnoredTag] = []

  /// URIs kept of one tag. Receivers may set a limit (RFC 7489 §6.2: of at least two).
  public static let maximumReportURIs = 16
  /// Ignored tags kept; more are passed over in silence.
  public static let maximumIgnoredTags = 32

  /// The record as published; octets that are not UTF-8 become U+FFFD.
  public var text: String { octets.text }

  init(octets: [UInt8]) { self.octets = octets }
}

/// What §4.10.1 makes of a record with a bad `p`, `sp` or `np`.
enum DMARCRecordUse: Hashable, Sendable {
  /// All policies are valid.
  case asPublished
  /// There is a valid `rua`: as if the record said `p=none`.
  case asNone
  /// No DMARC processing.
  case unusable
}

extension DMARCRecord {
  /// Whether the policies can be used (RFC 9989 §4.10.1, RFC 7489 §6.6.3 step 6).
  ///
  /// RFC 9989 §4.7 treats a record without `p` as `p=none`, but refers to §4.10.1, which asks for
  /// a valid `rua` besides. The latter is followed.
  ///
  /// - Parameter knowsNP: false for RFC 7489, to which `np` is an unknown tag.
  func use(knowsNP: Bool) -> DMARCRecordUse {
    let isBroken =
      p == nil || invalidTags.contains(.sp) || knowsNP && invalidTags.contains(.np)
    guard isBroken else { return .asPublished }
    return rua.isEmpty ? .unusable : .asNone
  }
}
