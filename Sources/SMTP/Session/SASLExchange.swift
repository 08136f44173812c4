internal import Wire

/// The client's side of one AUTH exchange: PLAIN (RFC 4616), or LOGIN where a server has no other.
struct SASLExchange: Sendable {
  /// AUTH lines obey the limit of commands, 512 octets with their CRLF (RFC 4954 §4).
  private static let longestCommand = 510

  let command: String
  /// What answers the challenges, in order, in base 64.
  private var responses: ArraySlice<String>
  private(set) var isCancelled = false

  /// The strongest mechanism offered; nil where there is none that we know.
  init?(_ credentials: SASLCredentials, offered: Set<String>) {
    if offered.contains("PLAIN") {
      let message = Base64.encode(Array("\0\(credentials.user)\0\(credentials.password)".utf8))
      let inOne = "AUTH PLAIN \(message)"
      let fits = inOne.utf8.count <= Self.longestCommand
      command = fits ? inOne : "AUTH PLAIN"
      responses = fits ? [] : [message]
    } else if offered.contains("LOGIN") {
      command = "AUTH LOGIN"
      responses = [
        Base64.encode(Array(credentials.user.utf8)),
        Base64.encode(Array(credentials.password.utf8)),
      ]
    } else {
      return nil
    }
  }

  /// The mechanism's name, for the transcript.
  var name: String { command.split(separator: " ").prefix(2).joined(separator: " ") }

  /// The answer to a 334: a response, or `*` where the server asks for more than there is. Nil
  /// where the exchange had been given up before.
  mutating func answer() -> String? {
    guard !isCancelled else { return nil }
    if let response = responses.popFirst() { return response }
    isCancelled = true
    return "*"
  }
}
