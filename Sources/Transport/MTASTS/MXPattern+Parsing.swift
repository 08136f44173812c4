public import Wire

extension MXPattern {
  /// How a pattern for all names one label below a suffix is written.
  public enum Form: Sendable {
    /// `*.example.net` (RFC 8461 §3.2).
    case star
    /// `.example.net` (STARTTLS Everywhere).
    case leadingDot
  }

  /// Reads a pattern: a `Domain` (RFC 5321 §4.1.2), or a suffix in the form given. Names are
  /// A-labels.
  ///
  /// - Throws: `SyntaxError` at the octet or label, counted from the pattern's start.
  public init(parsing text: some Collection<UInt8>, _ form: Form) throws(SyntaxError) {
    var cursor = ByteCursor(Array(text))
    let isSuffix =
      switch form {
      case .star: cursor.take("*.")
      case .leadingDot: cursor.take(.dot)
      }
    let start = cursor.offset
    let name: DomainName
    do { name = try Self.domain(cursor.take { _ in true }) } catch {
      throw error.shifted(by: start)
    }
    self = isSuffix ? .anyLabel(below: name) : .host(name)
  }

  /// `sub-domain *("." sub-domain)`: letters, digits, and hyphens inside a label.
  private static func domain(_ text: ArraySlice<UInt8>) throws(SyntaxError) -> DomainName {
    let octets = Array(text)
    var before: UInt8 = .dot
    for (place, octet) in octets.enumerated() {
      let after = place + 1 < octets.count ? octets[place + 1] : .dot
      let isInside = before != .dot && after != .dot
      guard octet.isAlphanumeric || octet == .dot || (octet == .hyphen && isInside) else {
        throw SyntaxError(.unexpectedByte, at: place)
      }
      before = octet
    }
    return try DomainName(parsing: octets)
  }
}
