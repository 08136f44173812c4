internal import Wire

/// Reads a JSON text (RFC 8259): total, linear, within bounds, and strict. Members of one name in
/// one object, which RFC 8259 §4 leaves open, are refused.
struct JSONReader {
  private var cursor: ByteCursor
  private let bounds: JSONBounds

  /// - Throws: `SyntaxError` at the octet.
  static func read(_ text: [UInt8], within bounds: JSONBounds) throws(SyntaxError) -> JSONNode {
    guard text.count <= bounds.length else {
      throw SyntaxError(.tooLong("JSON text"), at: bounds.length)
    }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw SyntaxError(.badValue("UTF-8"), at: text.firstIndex(where: \.isNonASCII) ?? 0)
    }
    var reader = JSONReader(cursor: ByteCursor(text), bounds: bounds)
    let node = try reader.takeValue(depth: 0)
    reader.skipWhitespace()
    try reader.cursor.requireEnd()
    return node
  }

  private mutating func skipWhitespace() { _ = cursor.take(while: \.isFoldingWhitespace) }

  private mutating func takeValue(depth: Int) throws(SyntaxError) -> JSONNode {
    skipWhitespace()
    let start = cursor.offset
    guard depth <= bounds.depth else { throw cursor.error(.tooLong("nesting")) }
    let value: JSONNode.Value
    switch cursor.peek {
    case UInt8(ascii: "{"): value = .object(try takeObject(depth: depth))
    case UInt8(ascii: "["): value = .array(try takeArray(depth: depth))
    case .doubleQuote: value = .string(try takeString())
    default:
      if cursor.take("true") {
        value = .bool(true)
      } else if cursor.take("false") {
        value = .bool(false)
      } else if cursor.take("null") {
        value = .null
      } else {
        value = try takeNumber()
      }
    }
    return JSONNode(value: value, offset: start)
  }

  private mutating func takeObject(depth: Int) throws(SyntaxError) -> [JSONNode.Member] {
    _ = cursor.next()
    var members: [JSONNode.Member] = []
    var names: Set<String> = []
    skipWhitespace()
    if cursor.take(UInt8(ascii: "}")) { return members }
    repeat {
      skipWhitespace()
      let start = cursor.offset
      guard cursor.peek == .doubleQuote else { throw cursor.unexpected }
      let name = try takeString()
      // String equality would make one of two spellings that Unicode holds for equal, which is
      // the careful side here.
      guard names.insert(name).inserted else {
        throw SyntaxError(.duplicate("member"), at: start)
      }
      skipWhitespace()
      guard cursor.take(.colon) else { throw cursor.unexpected }
      let value = try takeValue(depth: depth + 1)
      members.append(JSONNode.Member(name: name, offset: start, value: value))
      skipWhitespace()
    } while cursor.take(.comma)
    guard cursor.take(UInt8(ascii: "}")) else { throw cursor.unexpected }
    return members
  }

  private mutating func takeArray(depth: Int) throws(SyntaxError) -> [JSONNode] {
    _ = cursor.next()
    var values: [JSONNode] = []
    skipWhitespace()
    if cursor.take(.rightBracket) { return values }
    repeat {
      values.append(try takeValue(depth: depth + 1))
      skipWhitespace()
    } while cursor.take(.comma)
    guard cursor.take(.rightBracket) else { throw cursor.unexpected }
    return values
  }

  /// `[ minus ] int [ frac ] [ exp ]`, §6.
  private mutating func takeNumber() throws(SyntaxError) -> JSONNode.Value {
    let start = cursor.offset
    _ = cursor.take(.hyphen)
    if !cursor.take(UInt8(ascii: "0")) { try takeDigits() }
    var isInteger = true
    if cursor.take(.dot) {
      isInteger = false
      try takeDigits()
    }
    if cursor.takeOne(where: { $0.lowercasedASCII == UInt8(ascii: "e") }) != nil {
      isInteger = false
      _ = cursor.takeOne { $0 == UInt8(ascii: "+") || $0 == .hyphen }
      try takeDigits()
    }
    let text = cursor.bytes[start..<cursor.offset].text
    if isInteger, let number = Int64(text) { return .integer(number) }
    return .number(text)
  }

  private mutating func takeDigits() throws(SyntaxError) {
    guard !cursor.take(while: \.isDigit).isEmpty else { throw cursor.unexpected }
  }

  /// §7.
  private mutating func takeString() throws(SyntaxError) -> String {
    _ = cursor.next()
    var text = ""
    while true {
      let plain = cursor.take { !$0.isControlOrQuote }
      text += plain.text
      if cursor.take(.doubleQuote) { return text }
      guard cursor.take(.backslash) else { throw cursor.unexpected }
      text.unicodeScalars.append(try takeEscape())
    }
  }

  private mutating func takeEscape() throws(SyntaxError) -> Unicode.Scalar {
    let start = cursor.offset - 1
    switch cursor.next() {
    case .doubleQuote: return "\""
    case .backslash: return "\\"
    case .slash: return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let high = try takeHexadecimal()
      if let scalar = Unicode.Scalar(high) { return scalar }
      // A pair of surrogates; half a pair stands for nothing.
      guard high < 0xDC00, cursor.take("\\u"), case let low = try takeHexadecimal(),
        (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      else { throw SyntaxError(.badValue("escape"), at: start) }
      return scalar
    default: throw SyntaxError(.badValue("escape"), at: start)
    }
  }

  private mutating func takeHexadecimal() throws(SyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = cursor.peek?.hexValue else { throw cursor.unexpected }
      _ = cursor.next()
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

extension UInt8 {
  /// What may not stand plainly in a string: a quote, a backslash, or a control octet below a
  /// blank. DEL may.
  fileprivate var isControlOrQuote: Bool {
    self < .blank || self == .doubleQuote || self == .backslash
  }
}
