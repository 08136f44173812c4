public import Wire

/// The TXT record at `_mta-sts.<policy domain>`, which says that there is a policy (RFC 8461 §3.1).
///
///     v=STSv1; id=20160831085700Z;
public struct STSRecord: Hashable, Sendable {
  /// 1 to 32 letters or digits. Another value than before means: fetch the policy again.
  public let id: String

  /// Reads the record, its strings joined.
  ///
  /// Unknown fields are passed over and the first of a repeated field wins (§3.2).
  ///
  /// - Throws: `SyntaxError` at the octet or field.
  public init(parsing text: [UInt8]) throws(SyntaxError) {
    var cursor = ByteCursor(text)
    guard cursor.take("v=STSv1") else { throw SyntaxError(.wrongVersion, at: 0) }
    var id: String?
    while !cursor.isAtEnd {
      cursor.skipWSP()
      guard cursor.take(.semicolon) else { throw cursor.unexpected }
      cursor.skipWSP()
      if cursor.isAtEnd { break }
      let field = try Self.takeField(&cursor)
      guard field.name.elementsEqual("id".utf8), id == nil else { continue }
      guard field.value.count <= 32, field.value.allSatisfy(\.isAlphanumeric) else {
        throw SyntaxError(.badValue("id"), at: field.value.startIndex)
      }
      id = field.value.text
    }
    guard let id else { throw cursor.error(.missing("id")) }
    self.id = id
  }

  /// `sts-id` or `sts-extension`, whose rules differ only in what the value may hold.
  private static func takeField(
    _ cursor: inout ByteCursor
  ) throws(SyntaxError) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    let start = cursor.offset
    guard cursor.peek?.isAlphanumeric == true else { throw cursor.unexpected }
    let name = cursor.take { $0.isAlphanumeric || $0 == .underscore || $0 == .hyphen || $0 == .dot }
    guard name.count <= 32 else { throw SyntaxError(.tooLong("field name"), at: start) }
    guard cursor.take(.equals) else { throw cursor.unexpected }
    let value = cursor.take { $0.isVisible && $0 != .semicolon && $0 != .equals }
    guard !value.isEmpty else { throw cursor.unexpected }
    return (name, value)
  }
}

extension STSRecord: CustomStringConvertible {
  public var description: String { "v=STSv1; id=\(id);" }
}

extension STSRecord {
  /// What the TXT records of `_mta-sts.<policy domain>` come to.
  public enum Choice: Hashable, Sendable {
    /// Exactly one record of this version.
    case record(STSRecord)
    /// None of this version.
    case none
    /// More than one, which counts as none.
    case several(Int)
    /// One that breaks the grammar, which counts as none.
    case invalid(SyntaxError)
  }

  /// Chooses among the records of one answer, each with its strings joined (§3.1).
  ///
  /// Records that do not begin with `v=STSv1;` are discarded. White space before the semicolon,
  /// which the grammar allows, is allowed here too.
  public static func choose(among texts: [[UInt8]]) -> Choice {
    let candidates = texts.filter { text in
      var cursor = ByteCursor(text)
      guard cursor.take("v=STSv1") else { return false }
      cursor.skipWSP()
      return cursor.take(.semicolon)
    }
    guard let text = candidates.first else { return .none }
    guard candidates.count == 1 else { return .several(candidates.count) }
    do { return .record(try STSRecord(parsing: text)) } catch { return .invalid(error) }
  }
}
