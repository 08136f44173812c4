public import Wire

/// A user name and a password, for AUTH (RFC 4954).
///
/// Neither is ever printed.
public struct SASLCredentials: Hashable, Sendable {
  let user: String
  let password: String

  /// Credentials for PLAIN and LOGIN.
  ///
  /// - Throws: `SyntaxError` where a part is empty, longer than 255 octets (RFC 4616 §2 has the
  ///   mechanism carry at least that) or holds a NUL, which separates the parts.
  public init(user: String, password: String) throws(SyntaxError) {
    for (part, name) in [(user, "user name"), (password, "password")] {
      guard !part.isEmpty else { throw SyntaxError(.missing(name), at: 0) }
      if let place = Array(part.utf8).firstIndex(of: 0) {
        throw SyntaxError(.badValue(name), at: place)
      }
      guard part.utf8.count <= 255 else { throw SyntaxError(.tooLong(name), at: 255) }
    }
    self.user = user
    self.password = password
  }
}

extension SASLCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  public var description: String { "credentials" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What came of AUTH.
public enum AuthenticationResult: Hashable, Sendable {
  /// 235.
  case authenticated(SMTPReply)
  /// The server refused; another mechanism or other credentials may be tried (RFC 4954 §4).
  case refused(SMTPReply)
  /// The server offers neither PLAIN nor LOGIN, but these.
  case notOffered(Set<String>)
  /// The session does not protect a password as `SessionOptions.passwords` demands.
  case unprotected
  /// The session is busy, over, not yet open, or authenticated already (RFC 4954 §4).
  case notReady
  /// The session ended.
  case interrupted(SessionFailure)
}
