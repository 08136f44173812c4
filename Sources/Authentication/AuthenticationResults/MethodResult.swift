/// What one method found (`resinfo`, RFC 8601 §2.2).
///
///     dkim=pass (1024-bit key) reason="good signature" header.d=example.com
public struct MethodResult: Hashable, Sendable {
  /// Something of the message that the method looked at (`propspec`).
  ///
  ///     smtp.mailfrom=user@example.com
  public struct Property: Hashable, Sendable {
    /// `smtp`, `header`, `body` or `policy` (§2.3), in small letters. Others are to be ignored.
    /// Empty where none is written, which only the form `asInUse` allows; `x` when printed.
    public var type: String
    /// In small letters: `mailfrom`, `d`, `from`.
    public var name: String
    /// Without quotes and backslashes; an address with a quoted local part keeps its quotes.
    public var value: String
    /// The first comment behind the value, without its parentheses.
    public var comment: String?

    /// A property of these parts.
    public init(type: String, name: String, value: String, comment: String? = nil) {
      self.type = type
      self.name = name
      self.value = value
      self.comment = comment
    }
  }

  /// In small letters: `spf`, `dkim`, `dmarc`, `arc`.
  public var method: String
  /// The version of the method; nil where none is written, which means 1.
  public var version: UInt32?
  /// In small letters: `pass`, `fail`, `none`.
  public var result: String
  /// The text of `reason=` (RFC 8601 §2.2).
  public var reason: String?
  /// The first comment behind the result or the reason, without its parentheses.
  public var comment: String?
  /// What the method looked at (RFC 8601 §2.3), in order.
  public var properties: [Property]

  /// A result of these parts.
  public init(
    method: String, version: UInt32? = nil, result: String, reason: String? = nil,
    comment: String? = nil, properties: [Property] = []
  ) {
    self.method = method
    self.version = version
    self.result = result
    self.reason = reason
    self.comment = comment
    self.properties = properties
  }

  /// The value of the first property of this type and name, both in small letters.
  public subscript(type: String, name: String) -> String? {
    properties.first { $0.type == type && $0.name == name }?.value
  }
}
