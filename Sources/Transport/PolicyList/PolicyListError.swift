public import Wire

/// Why a text is no policy list.
///
///     missing mode at byte 212, $.policies["example.com"]
public struct PolicyListError: Error, Hashable, Sendable {
  /// Which member or value, from the root `$` down.
  public var path: String
  /// What is wrong with it, and where in the text.
  public var error: SyntaxError

  /// An error at this place.
  public init(path: String, _ error: SyntaxError) {
    self.path = path
    self.error = error
  }
}

extension PolicyListError: CustomStringConvertible {
  public var description: String { "\(error), \(path)" }
}
