public import Wire

/// Which mail servers a policy allows: one name, or all names one label below it (RFC 8461 §4.1).
///
///     mail.example.com    *.example.net
///
/// The suffix of a STARTTLS Everywhere list, `.example.net`, is the same as `*.example.net`.
public enum MXPattern: Hashable, Sendable {
  /// This host alone.
  case host(DomainName)
  /// Hosts with exactly one label before the suffix.
  case anyLabel(below: DomainName)

  /// Whether the pattern allows `host`.
  public func covers(_ host: DomainName) -> Bool {
    switch self {
    case .host(let name): host == name
    case .anyLabel(let suffix): host.parent == suffix
    }
  }
}

extension MXPattern: CustomStringConvertible {
  public var description: String {
    switch self {
    case .host(let name): name.description
    case .anyLabel(let suffix): "*.\(suffix)"
    }
  }
}
