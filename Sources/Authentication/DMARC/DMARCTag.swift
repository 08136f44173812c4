/// A tag that DMARC knows or once knew (RFC 9989 §4.7, §9.3).
public enum DMARCTag: String, Hashable, Sendable, CaseIterable {
  case v, p, sp, np, psd, t, adkim, aspf, rua, ruf, fo
  /// Removed by RFC 9989 (appendix C.5.2). `pct` still counts where RFC 7489 is asked for.
  case pct, rf, ri

  /// Whether RFC 9989 ignores the tag because it was removed.
  public var isHistoric: Bool { self == .pct || self == .rf || self == .ri }
}

/// A part of a record that has no effect under RFC 9989, and why.
public struct DMARCIgnoredTag: Hashable, Sendable {
  /// Why a tag counts for nothing.
  public enum Reason: String, Hashable, Sendable {
    /// Not a tag of the registry (§4.7: MUST be ignored).
    case unknown
    /// Removed by RFC 9989 (appendix C.5.2).
    case historic
    /// The same tag stands earlier in the record.
    case duplicate
    /// The value breaks the tag's rule, so the default holds (§4.8).
    case badValue = "bad value"
    /// An entry of a list that is no URI, or one too many.
    case badURI = "bad or surplus URI"
    /// No `name=value` (§4.8).
    case malformed
    /// `fo` without `ruf` (§4.7).
    case withoutRUF = "meaningless without ruf"
  }

  /// The tag and its value as published.
  public let text: String
  /// Why it was passed over.
  public let reason: Reason
  /// Octets from the start of the record.
  public let offset: Int
}

extension DMARCIgnoredTag: CustomStringConvertible {
  public var description: String { "\"\(text)\" ignored: \(reason.rawValue)" }
}
