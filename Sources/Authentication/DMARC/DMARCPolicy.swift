/// What a Domain Owner asks for mail that fails DMARC: a Domain Owner Assessment Policy
/// (RFC 9989 §4.7, `p`).
///
///     p=quarantine
public enum DMARCPolicy: String, Hashable, Sendable, CaseIterable {
  /// No preference: handling must not change (§5.4).
  case none
  /// Such mail is suspicious.
  case quarantine
  /// Such use of the domain is not valid.
  case reject
}

/// The tag from which a policy was taken (RFC 9989 §4.10.1).
public enum DMARCPolicyTag: String, Hashable, Sendable {
  /// The Author Domain's own policy, or that of its subdomains where no other tag says more.
  case p
  /// For subdomains that exist.
  case sp
  /// For subdomains that do not exist; unknown to RFC 7489.
  case np
}

/// How closely an Authenticated Identifier must match the Author Domain (RFC 9989 §3.2.10).
///
///     adkim=s
public enum DMARCAlignmentMode: String, Hashable, Sendable {
  /// The same Organizational Domain; the default.
  case relaxed = "r"
  /// The same domain.
  case strict = "s"
}

/// What a record says of its own place (RFC 9989 §4.7, `psd`).
///
///     psd=n
public enum DMARCPublicSuffixFlag: String, Hashable, Sendable {
  /// A Public Suffix Domain: organizations begin one label below.
  case yes = "y"
  /// The Organizational Domain of itself and all below.
  case no = "n"
  /// Not a Public Suffix Domain, perhaps an Organizational Domain: the tree walk decides.
  case undeclared = "u"
}

/// When a failure report is wanted (RFC 9989 §4.7, `fo`).
///
///     fo=1:d
public enum DMARCFailureOption: String, Hashable, Sendable {
  /// No mechanism produced an aligned pass; the default.
  case noneAligned = "0"
  /// Some mechanism did not produce an aligned pass.
  case anyUnaligned = "1"
  /// A DKIM signature failed, aligned or not.
  case dkim = "d"
  /// SPF failed, aligned or not.
  case spf = "s"
}
