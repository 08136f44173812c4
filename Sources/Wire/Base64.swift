/// The base 64 encoding (RFC 4648 §4), in the two readings that the standards here ask for.
public enum Base64 {
  /// How faithfully the text must be written.
  public enum Form: Sendable {
    /// RFC 4648 §3: padded, no other octets, unused bits zero. One octet string, one text.
    case strict
    /// `base64string` of RFC 6376 §2.10: blanks and folds anywhere, padding may be absent,
    /// unused bits are not looked at.
    case ignoringWhitespace
  }

  /// The octets that `text` stands for.
  ///
  /// - Throws: `SyntaxError` at the first octet that the form does not allow.
  public static func decode(
    _ text: some Collection<UInt8>, _ form: Form
  ) throws(SyntaxError) -> [UInt8] {
    try decode(Array(text)[...], form)
  }

  /// The same for octets that are an array already.
  public static func decode(_ text: [UInt8], _ form: Form) throws(SyntaxError) -> [UInt8] {
    try decode(text[...], form)
  }

  /// The same for a part of an array. Offsets count from the start of the part.
  public static func decode(
    _ text: ArraySlice<UInt8>, _ form: Form
  ) throws(SyntaxError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3 + 3)
    var bits: UInt32 = 0
    var symbols = 0
    var padding = 0
    var place = text.startIndex
    while place < text.endIndex {
      if symbols == 0, padding == 0 {
        place = appendWholeGroups(of: text, from: place, to: &output)
        guard place < text.endIndex else { break }
      }
      let byte = text[place]
      let offset = place - text.startIndex
      place += 1
      if byte == .equals {
        padding += 1
        guard symbols >= 2, symbols + padding <= 4 else {
          throw SyntaxError(.unexpectedByte, at: offset)
        }
        continue
      }
      let value = values[Int(byte)]
      guard value != noValue else {
        if form == .ignoringWhitespace, byte.isFoldingWhitespace { continue }
        throw SyntaxError(.unexpectedByte, at: offset)
      }
      guard padding == 0 else { throw SyntaxError(.leftover, at: offset) }
      bits = bits << 6 | UInt32(value)
      symbols += 1
      if symbols == 4 {
        append(bits, to: &output)
        bits = 0
        symbols = 0
      }
    }
    try finish(&output, bits, symbols, padding, form, at: text.count)
    return output
  }

  /// Appends what groups of four symbols stand for, up to the first that is no such group.
  private static func appendWholeGroups(
    of text: ArraySlice<UInt8>, from start: Int, to output: inout [UInt8]
  ) -> Int {
    let values = Self.values
    var place = start
    while place + 4 <= text.endIndex {
      let one = values[Int(text[place])]
      let two = values[Int(text[place + 1])]
      let three = values[Int(text[place + 2])]
      let four = values[Int(text[place + 3])]
      guard one | two | three | four < noValue else { break }
      append(
        UInt32(one) << 18 | UInt32(two) << 12 | UInt32(three) << 6 | UInt32(four), to: &output)
      place += 4
    }
    return place
  }

  private static func append(_ bits: UInt32, to output: inout [UInt8]) {
    output.append(UInt8(truncatingIfNeeded: bits >> 16))
    output.append(UInt8(truncatingIfNeeded: bits >> 8))
    output.append(UInt8(truncatingIfNeeded: bits))
  }

  private static func finish(
    _ output: inout [UInt8], _ bits: UInt32, _ symbols: Int, _ padding: Int, _ form: Form,
    at end: Int
  ) throws(SyntaxError) {
    guard symbols != 1 else { throw SyntaxError(.unexpectedEnd, at: end) }
    guard symbols != 0 else { return }
    let padded = symbols + padding == 4
    let unused = symbols == 2 ? bits & 0xF : bits & 0x3
    switch form {
    case .strict:
      guard padded else { throw SyntaxError(.unexpectedEnd, at: end) }
      guard unused == 0 else { throw SyntaxError(.badValue("base64"), at: end - 1) }
    case .ignoringWhitespace:
      guard padded || padding == 0 else { throw SyntaxError(.unexpectedEnd, at: end) }
    }
    if symbols == 2 {
      output.append(UInt8(truncatingIfNeeded: bits >> 4))
    } else {
      output.append(UInt8(truncatingIfNeeded: bits >> 10))
      output.append(UInt8(truncatingIfNeeded: bits >> 2))
    }
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// What an octet that is no symbol has in `values`: more than any symbol, alone or combined.
  private static let noValue: UInt8 = 0x40

  /// The value of each octet as a symbol.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: noValue, count: 256)
    for (value, symbol) in zip(UInt8(0)..., alphabet) { values[Int(symbol)] = value }
    return values
  }()

  /// The padded text of `octets`, on one line.
  public static func encode(_ octets: some Collection<UInt8>) -> String {
    String(decoding: symbols(of: Array(octets)), as: UTF8.self)
  }

  private static func symbols(of octets: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((octets.count + 2) / 3 * 4)
    var place = 0
    while place + 3 <= octets.count {
      let bits =
        UInt32(octets[place]) << 16 | UInt32(octets[place + 1]) << 8 | UInt32(octets[place + 2])
      text.append(symbol(bits >> 18))
      text.append(symbol(bits >> 12))
      text.append(symbol(bits >> 6))
      text.append(symbol(bits))
      place += 3
    }
    switch octets.count - place {
    case 1:
      let bits = UInt32(octets[place])
      text += [symbol(bits >> 2), symbol(bits << 4), .equals, .equals]
    case 2:
      let bits = UInt32(octets[place]) << 8 | UInt32(octets[place + 1])
      text += [symbol(bits >> 10), symbol(bits >> 4), symbol(bits << 2), .equals]
    default: break
    }
    return text
  }

  private static func symbol(_ bits: UInt32) -> UInt8 { alphabet[Int(bits & 0x3F)] }
}
