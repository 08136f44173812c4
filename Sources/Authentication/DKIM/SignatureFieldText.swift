internal import Wire

/// The text of a signature field, laid out: at most 78 columns (RFC 5322 §2.1.1) unless a name or
/// number alone is longer, always the same for the same tags.
struct SignatureFieldText {
  /// How the tags are set.
  enum Layout: Sendable {
    /// In the order in which they are given, and folded.
    case folded
    /// In alphabetical order on one line: the form that the ARC signing suite compares.
    case oneLine
  }

  /// Where a value may be folded.
  enum Folding {
    case nowhere
    /// Behind each colon (`h=`).
    case colons
    /// Anywhere but inside `=XX` (`z=`, `i=`): RFC 6376 §2.11 allows folds there.
    case quotedPrintable
  }

  struct Tag {
    var name: String
    var value: String
    var folding = Folding.nowhere
  }

  static let width = 78
  /// All up to the value of `b=`.
  private(set) var head: [UInt8]
  /// What follows that value.
  private(set) var tail: [UInt8] = []
  private let layout: Layout
  private var column: Int

  /// - Parameter tags: all but `b=`, which stands last, on a line of its own.
  init(_ name: String, _ tags: [Tag], layout: Layout) {
    self.layout = layout
    head = Array("\(name):".utf8)
    column = head.count
    switch layout {
    case .folded:
      for tag in tags { append(tag) }
      head += "\r\n b=".utf8
    case .oneLine:
      let texts = tags.map { "\($0.name)=\($0.value)" }.sorted()
      // Only `a=` sorts before it.
      head += (texts.prefix { $0 < "b=" } + ["b="]).map { " \($0)" }.joined(separator: ";").utf8
      tail = Array(texts.drop { $0 < "b=" }.map { "; \($0)" }.joined().utf8)
    }
  }

  /// The field without the value of `b=`, as it is hashed; no final CRLF.
  var unsigned: [UInt8] { head + tail }

  /// The field with its signature and final CRLF.
  func signed(_ signature: [UInt8]) -> [UInt8] {
    let text = Base64.encode(signature)
    return head + Array((layout == .folded ? foldedBase64(text) : text).utf8) + tail
      + [.carriageReturn, .lineFeed]
  }

  private mutating func append(_ text: some StringProtocol) {
    head += text.utf8
    column += text.utf8.count
  }

  private mutating func startLine(indent: String) {
    append("\r\n" + indent)
    column = indent.utf8.count
  }

  private mutating func append(_ tag: Tag) {
    let text = "\(tag.name)=\(tag.value);"
    guard column + 1 + text.utf8.count > Self.width else { return append(" " + text) }
    startLine(indent: " ")
    for (index, piece) in Self.pieces(of: text, tag.folding).enumerated() {
      if index > 0, column + piece.utf8.count > Self.width { startLine(indent: "  ") }
      append(piece)
    }
  }

  /// What may stand on lines of its own.
  private static func pieces(of text: String, _ folding: Folding) -> [Substring] {
    var pieces: [Substring] = []
    var start = text.startIndex
    var index = start
    func cut() {
      pieces.append(text[start..<index])
      start = index
    }
    switch folding {
    case .nowhere: break
    case .colons:
      while let colon = text[index...].firstIndex(of: ":") {
        index = text.index(after: colon)
        cut()
      }
    case .quotedPrintable:
      // The first two are the tag's name and its equals sign.
      index = text.index(index, offsetBy: 2, limitedBy: text.endIndex) ?? text.endIndex
      while index < text.endIndex {
        let length = text[index] == "=" ? 3 : 1
        index = text.index(index, offsetBy: length, limitedBy: text.endIndex) ?? text.endIndex
        cut()
      }
    }
    if start < text.endIndex { pieces.append(text[start...]) }
    return pieces
  }
}

/// Base 64 over lines of 72 octets, as a folded tag value.
func foldedBase64(_ text: String) -> String {
  var lines: [UInt8] = []
  for (index, octet) in text.utf8.enumerated() {
    if index > 0, index.isMultiple(of: 72) { lines += "\r\n  ".utf8 }
    lines.append(octet)
  }
  return lines.text
}

/// `dkim-quoted-printable` (RFC 6376 §2.11).
enum DKIMQuotedPrintable {
  /// - Parameter isBarQuoted: whether `|` is quoted too, as `z=` wants.
  static func quote(_ octets: some Sequence<UInt8>, isBarQuoted: Bool) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    for octet in octets {
      let isSafe =
        octet.isVisible && octet != .semicolon && octet != .equals
        && !(isBarQuoted && octet == UInt8(ascii: "|"))
      if isSafe {
        text.append(octet)
      } else {
        text += [.equals, digits[Int(octet >> 4)], digits[Int(octet & 0xF)]]
      }
    }
    return text.text
  }
}
