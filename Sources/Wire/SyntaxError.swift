/// A record, a name or a header field that does not match its grammar.
///
/// Thrown by parsers only. A verifier that meets one answers `permerror` and keeps it in its
/// verdict, so that a reader can be pointed at the octet.
public struct SyntaxError: Error, Hashable, Sendable {
  /// Which rule was broken.
  public enum Reason: Hashable, Sendable {
    /// The version tag is absent, misplaced or of another version.
    case wrongVersion
    /// A required part is absent; the part is named.
    case missing(String)
    /// A part that may stand once stands twice; the part is named.
    case duplicate(String)
    /// A part whose value breaks its own rule; the part is named.
    case badValue(String)
    /// A part that exceeds its bound; the part is named.
    case tooLong(String)
    /// An octet that no rule allows here.
    case unexpectedByte
    /// The input ends inside a rule.
    case unexpectedEnd
    /// The rule is satisfied but octets are left over.
    case leftover
  }

  public let reason: Reason
  /// Octets from the start of the parsed text.
  public let offset: Int

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension SyntaxError: CustomStringConvertible {
  public var description: String { "\(reason) at byte \(offset)" }

  /// The same error, counted from the start of a text that holds the parsed one at `base`.
  package func shifted(by base: Int) -> SyntaxError { SyntaxError(reason, at: offset + base) }
}

extension SyntaxError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongVersion: "wrong version"
    case .missing(let part): "missing \(part)"
    case .duplicate(let part): "duplicate \(part)"
    case .badValue(let part): "bad \(part)"
    case .tooLong(let part): "\(part) too long"
    case .unexpectedByte: "unexpected octet"
    case .unexpectedEnd: "unexpected end"
    case .leftover: "leftover octets"
    }
  }
}
