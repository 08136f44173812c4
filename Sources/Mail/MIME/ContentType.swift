public import Wire

/// A Content-Type field (RFC 2045 §5.1).
///
///     text/plain; charset="utf-8"; format=flowed
///
/// Comments are not read: the few messages that have one there count as malformed.
public struct ContentType: Hashable, Sendable {
  /// `attribute=value`.
  public struct Parameter: Hashable, Sendable {
    /// In small letters.
    public let name: String
    /// Without the quotes, backslashes undone.
    public let value: [UInt8]
    /// Where `attribute=value` stands, counted from the start of the field's value.
    public let range: Range<Int>
  }

  /// In small letters, as is the subtype.
  public let type: String
  /// In small letters: `plain`.
  public let subtype: String
  /// As written; at most `maximumParameters`.
  public let parameters: [Parameter]

  /// A field with more parameters than this counts as malformed.
  public static let maximumParameters = 100

  /// What a message without the field is (§5.2).
  public static let plainText = ContentType(type: "text", subtype: "plain", parameters: [])

  private init(type: String, subtype: String, parameters: [Parameter]) {
    self.type = type
    self.subtype = subtype
    self.parameters = parameters
  }

  /// - Parameter fieldValue: what follows the colon; folds may be in it.
  /// - Throws: `SyntaxError` at the octet.
  public init(parsing fieldValue: some Collection<UInt8>) throws(SyntaxError) {
    var cursor = ByteCursor(Array(fieldValue))
    cursor.skipFoldingWhitespace()
    type = try Self.takeToken(&cursor)
    guard cursor.take(.slash) else { throw SyntaxError(.unexpectedByte, at: cursor.offset) }
    subtype = try Self.takeToken(&cursor)
    var parameters: [Parameter] = []
    cursor.skipFoldingWhitespace()
    while cursor.take(.semicolon) {
      cursor.skipFoldingWhitespace()
      if cursor.isAtEnd || cursor.peek == .semicolon { continue }
      guard parameters.count < Self.maximumParameters else {
        throw SyntaxError(.tooLong("parameters"), at: cursor.offset)
      }
      parameters.append(try Self.takeParameter(&cursor))
      cursor.skipFoldingWhitespace()
    }
    guard cursor.isAtEnd else { throw SyntaxError(.leftover, at: cursor.offset) }
    self.parameters = parameters
  }

  /// The value of the first parameter of this name.
  public subscript(name: String) -> [UInt8]? { parameters.first { $0.name == name }?.value }

  /// Whether parts are in the body (RFC 2046 §5.1), and their boundary if so.
  public var boundary: [UInt8]? {
    guard type == "multipart", let boundary = self["boundary"], (1...200).contains(boundary.count)
    else { return nil }
    return boundary
  }

  private static func takeToken(_ cursor: inout ByteCursor) throws(SyntaxError) -> String {
    let token = cursor.take { $0.isVisible && !tokenSpecials.contains($0) }
    guard !token.isEmpty else { throw SyntaxError(.unexpectedByte, at: cursor.offset) }
    return token.lowercasedASCIIText
  }

  private static let tokenSpecials = Array("()<>@,;:\\\"/[]?=".utf8)

  private static func takeParameter(_ cursor: inout ByteCursor) throws(SyntaxError) -> Parameter {
    let start = cursor.offset
    let name = try takeToken(&cursor)
    cursor.skipFoldingWhitespace()
    guard cursor.take(.equals) else { throw SyntaxError(.unexpectedByte, at: cursor.offset) }
    cursor.skipFoldingWhitespace()
    let value: [UInt8]
    if cursor.take(.doubleQuote) {
      value = try takeQuoted(&cursor)
    } else {
      // Boundaries with a slash or a question mark and no quotes are common, so they are read.
      value = Array(cursor.take { $0.isVisible && $0 != .semicolon && $0 != .doubleQuote })
      guard !value.isEmpty else { throw SyntaxError(.unexpectedByte, at: cursor.offset) }
    }
    return Parameter(name: name, value: value, range: start..<cursor.offset)
  }

  private static func takeQuoted(_ cursor: inout ByteCursor) throws(SyntaxError) -> [UInt8] {
    var value: [UInt8] = []
    while let byte = cursor.next() {
      switch byte {
      case .doubleQuote: return value
      case .backslash: if let escaped = cursor.next() { value.append(escaped) }
      case .carriageReturn, .lineFeed: break
      default: value.append(byte)
      }
    }
    throw SyntaxError(.unexpectedEnd, at: cursor.offset)
  }
}
