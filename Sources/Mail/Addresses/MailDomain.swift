public import Wire

/// What stands right of the at-sign (`domain`, RFC 5322 §3.4.1).
///
///     example.com    [192.0.2.1]    [IPv6:2001:db8::1]
public enum MailDomain: Hashable, Sendable {
  /// A domain name; U-labels have become A-labels.
  case name(DomainName)
  /// A domain literal, without brackets, white space and backslashes. It is kept as text: nothing
  /// that authenticates mail can use it.
  case literal(String)

  /// The domain name; nil for a literal.
  public var name: DomainName? {
    if case .name(let name) = self { name } else { nil }
  }
}

extension MailDomain: CustomStringConvertible {
  public var description: String {
    switch self {
    case .name(let name): name.description
    case .literal(let text): "[\(Self.escaped(text))]"
    }
  }

  /// By scalars: a blank and the accent behind it are one `Character`, which is no blank.
  private static func escaped(_ text: String) -> String {
    var written = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if "[]\\ ".unicodeScalars.contains(scalar) { written.append("\\") }
      written.append(scalar)
    }
    return String(written)
  }
}
