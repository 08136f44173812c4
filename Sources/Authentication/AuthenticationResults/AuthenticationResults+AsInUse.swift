import Mail
import Wire

/// Reading the field as large senders write it (`AuthenticationResults.Form.asInUse`).
extension ByteCursor {
  mutating func takeAuthresAsInUse() throws(SyntaxError) -> AuthenticationResults {
    let head = try takeHeadAsInUse()
    guard head.version ?? 1 == 1 else { throw SyntaxError(.wrongVersion, at: head.versionOffset) }
    return AuthenticationResults(
      authservID: head.authservID, version: head.version, results: try takeResultsAsInUse())
  }

  /// The head and its semicolon, with whatever stands between them.
  private mutating func takeHeadAsInUse() throws(SyntaxError) -> AuthresHead {
    if (try? takeResinfo(.asInUse)) != nil {
      // No authserv-id holds an equals sign, so this is no head.
      rewind(to: 0)
      return AuthresHead(authservID: "")
    }
    rewind(to: 0)
    let head = try takeAuthresHead()
    if skip(to: .semicolon) { _ = take(.semicolon) }
    return head
  }

  /// What can be read between semicolons, each octet at most twice.
  private mutating func takeResultsAsInUse() throws(SyntaxError) -> [MethodResult] {
    var results: [MethodResult] = []
    repeat {
      let start = offset
      if let result = try? takeResinfo(.asInUse) {
        guard results.count < AuthenticationResults.maximumResults else {
          throw SyntaxError(.tooLong("list of results"), at: start)
        }
        results.append(result)
      } else {
        rewind(to: start)
        _ = skip(to: .semicolon)
      }
    } while take(.semicolon)
    return results
  }
}
