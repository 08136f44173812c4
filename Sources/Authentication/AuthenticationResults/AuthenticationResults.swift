import Mail
public import Wire

/// What an authentication service says of a message (`Authentication-Results`, RFC 8601).
///
///     example.com; spf=pass smtp.mailfrom=example.net; dkim=fail reason="bad signature"
///
/// Also the part behind `i=1;` of `ARC-Authentication-Results` (RFC 8617 §4.1.1), which has the
/// same grammar.
public struct AuthenticationResults: Hashable, Sendable {
  /// How faithfully a field must be written.
  public enum Form: Sendable {
    /// RFC 8601 §2.2. What does not match is an error.
    case strict
    /// As large senders write it, for fields that are only read and whose writer is trusted, such
    /// as those of an ARC sealer.
    ///
    ///     mx.example; dmarc=pass action=none header.from=a.example; spf=none smtp.mailfrom=;
    ///
    /// - Semicolons with nothing between them, or at the end.
    /// - Text behind the `authserv-id`, which is skipped, and a field that begins with a result:
    ///   its `authservID` is empty.
    /// - `reason=` behind properties, properties without a type (`type` is empty), underscores in
    ///   names, empty values, octets that are not UTF-8.
    ///
    /// A result that cannot be read even so is left out as a whole, up to the next semicolon
    /// outside quoted strings and comments; one that does not end hides all that follows. What a
    /// field says by RFC 8601 it says here as well.
    case asInUse
  }

  /// How many results a field may hold.
  public static let maximumResults = 1000
  /// How many properties a result may hold.
  public static let maximumProperties = 100

  /// Who says it, as written, without quotes (`authserv-id`, §2.5). Compare with
  /// `isSameAuthservID`: case and U-labels do not matter.
  public var authservID: String
  /// The version of the field's own grammar; nil where none is written, which means 1.
  public var version: UInt32?
  /// Empty for `none`: nothing was authenticated.
  public var results: [MethodResult]

  /// A field of these results (RFC 8601 §2.2).
  public init(authservID: String, version: UInt32? = nil, results: [MethodResult] = []) {
    self.authservID = authservID
    self.version = version
    self.results = results
  }

  /// Reads the text behind the colon, folds included, without the final line end.
  ///
  /// Names of methods, results and properties become small letters. Wider than §2.2 in one way: an
  /// unquoted value may hold every visible octet but `;`, parentheses, quotes and backslashes
  /// (`header.b=abc/def+`, `policy.iprev=2001:db8::1`), which is in wide use; but not
  /// `ptype.property=` behind a blank, where the value before it is absent. Only version 1 is read.
  ///
  /// - Throws: `SyntaxError` at the octet that breaks the grammar; `tooLong` past 1000 results or
  ///   100 properties of one. In the form `asInUse` only where there is no `authserv-id`, for
  ///   another version, and past 1000 results.
  public init(
    parsing fieldValue: some Collection<UInt8>, _ form: Form = .strict
  ) throws(SyntaxError) {
    var cursor = ByteCursor(Array(fieldValue))
    guard form == .strict else {
      self = try cursor.takeAuthresAsInUse()
      return
    }
    try cursor.requireUTF8()
    let head = try cursor.takeAuthresHead()
    guard head.version ?? 1 == 1 else { throw SyntaxError(.wrongVersion, at: head.versionOffset) }
    authservID = head.authservID
    version = head.version
    results = try cursor.takeResults()
    try cursor.requireEnd()
  }
}
