/// The `tag=value` list of DKIM (RFC 6376 §3.2, widened to UTF-8 by RFC 8616 §3).
///
///     v=1; a=rsa-sha256; d=example.net; s=brisbane
///
/// The grammar is kept to the letter: an empty tag (`;;`), a tag without `=` or a tag given twice
/// makes the whole list invalid. One semicolon may end the list.
public struct TagList: Sendable {
  public struct Tag: Sendable {
    /// As written: tag names are case-sensitive.
    public let name: String
    /// The value without white space at its ends; folds inside it are kept.
    public let value: ArraySlice<UInt8>
    /// Where the name starts.
    public let offset: Int
    /// All octets between `=` and the semicolon, blanks included: what RFC 6376 §3.7 removes
    /// from `b=` before hashing.
    public let valueRange: Range<Int>

    /// The value with blanks and folds removed.
    public var compactValue: [UInt8] { value.filter { !$0.isFoldingWhitespace } }
  }

  /// In the order in which they are written.
  public let tags: [Tag]
  /// Where each name stands, in a list that is too long to look at every tag.
  private let indices: [String: Int]

  /// How many names are compared one by one; that is faster than a table of so few.
  private static let shortList = 16

  /// - Throws: `SyntaxError` at the octet, or at the tag given twice.
  public init(parsing bytes: [UInt8]) throws(SyntaxError) {
    var cursor = ByteCursor(bytes)
    var tags: [Tag] = []
    tags.reserveCapacity(Self.shortList)
    var indices: [String: Int] = [:]
    repeat {
      cursor.skipFoldingWhitespace()
      if cursor.isAtEnd, !tags.isEmpty { break }
      let tag = try Self.takeTag(&cursor)
      guard Self.index(of: tag.name, in: tags, indices) == nil else {
        throw SyntaxError(.duplicate("tag \(tag.name)"), at: tag.offset)
      }
      if tags.count >= Self.shortList { indices[tag.name] = tags.count }
      tags.append(tag)
    } while cursor.take(.semicolon)
    guard cursor.isAtEnd else { throw cursor.unexpected }
    self.tags = tags
    self.indices = indices
  }

  /// The tag of this name, if there is one.
  public subscript(name: String) -> Tag? {
    Self.index(of: name, in: tags, indices).map { tags[$0] }
  }

  private static func index(of name: String, in tags: [Tag], _ indices: [String: Int]) -> Int? {
    tags.prefix(shortList).firstIndex { $0.name == name } ?? indices[name]
  }

  private static func takeTag(_ cursor: inout ByteCursor) throws(SyntaxError) -> Tag {
    let offset = cursor.offset
    guard cursor.peek?.isAlpha == true else { throw cursor.unexpected }
    let name = cursor.take(while: { $0.isAlphanumeric || $0 == .underscore })
    cursor.skipFoldingWhitespace()
    guard cursor.take(.equals) else { throw cursor.unexpected }
    let start = cursor.offset
    try skipValue(&cursor)
    return Tag(
      name: name.text, value: cursor.bytes[start..<cursor.offset].trimmingFoldingWhitespace,
      offset: offset, valueRange: start..<cursor.offset)
  }

  /// `VALCHAR` and folding white space, up to the semicolon or the end.
  private static func skipValue(_ cursor: inout ByteCursor) throws(SyntaxError) {
    while let byte = cursor.peek, byte != .semicolon {
      let start = cursor.offset
      cursor.skipFoldingWhitespace()
      // Stops at controls, the blank, the semicolon and DEL.
      cursor.skip { here, _ in
        (here .<= .all(.blank)) .| (here .== .all(.semicolon)) .| (here .== .all(0x7F))
      }
      guard cursor.offset > start else { throw cursor.unexpected }
    }
  }
}
