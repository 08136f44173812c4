internal import Wire

/// The words of one entry that are still to be read, and what they are relative to.
struct MasterFileFields {
  let file: String
  let origin: DomainName
  var words: ArraySlice<MasterFileWord>
  /// Where the last word read stands: what an error is pinned to.
  private var line: Int

  init(_ entry: MasterFileEntry, file: String, origin: DomainName) {
    self.file = file
    self.origin = origin
    words = entry.words[...]
    line = entry.line
  }

  var peek: MasterFileWord? { words.first }

  func error(_ problem: String) -> ZoneFileError {
    ZoneFileError(file: file, line: line, problem: problem)
  }

  mutating func take(_ part: String) throws(ZoneFileError) -> MasterFileWord {
    guard let word = words.popFirst() else { throw error("missing \(part)") }
    line = word.line
    return word
  }

  /// Reads a word that may not be in quotes.
  mutating func takeBare(_ part: String) throws(ZoneFileError) -> MasterFileWord {
    let word = try take(part)
    guard !word.isQuoted else { throw error("bad \(part): it is in quotes") }
    return word
  }

  func requireEnd() throws(ZoneFileError) {
    guard let word = words.first else { return }
    throw ZoneFileError(
      file: file, line: word.line, problem: "leftover \"\(MasterFileFields.excerpt(word))\"")
  }

  mutating func takeName(_ part: String) throws(ZoneFileError) -> DomainName {
    let word = try takeBare(part)
    guard !word.octets.contains(where: \.isNonASCII) else {
      throw error("bad \(part): write it with A-labels (xn--…)")
    }
    do {
      return try DomainName(presentation: word.octets, origin: origin)
    } catch {
      throw self.error("bad \(part) \"\(Self.excerpt(word))\": \(error.reason)")
    }
  }

  mutating func takeNumber<Value: FixedWidthInteger & UnsignedInteger>(
    _ part: String, as type: Value.Type = Value.self
  ) throws(ZoneFileError) -> Value {
    let word = try takeBare(part)
    // `Value(_: String)` would take a sign.
    guard word.octets.allSatisfy(\.isDigit), let value = Value(word.text) else {
      throw error("bad \(part) \"\(Self.excerpt(word))\"")
    }
    return value
  }

  /// Reads seconds, or a time with units as in `$TTL`.
  mutating func takeTime(_ part: String) throws(ZoneFileError) -> UInt32 {
    let word = try takeBare(part)
    guard let time = MasterFileTime.seconds(word.octets) else {
      throw error("bad \(part) \"\(Self.excerpt(word))\"")
    }
    return time
  }

  /// Reads a `<character-string>` (RFC 1035 §3.3) of at most `limit` octets.
  mutating func takeString(_ part: String, limit: Int = 255) throws(ZoneFileError) -> [UInt8] {
    let word = try take(part)
    var cursor = ByteCursor(word.octets)
    var octets: [UInt8] = []
    do {
      while let byte = cursor.next() {
        octets.append(byte == .backslash ? try cursor.takeMasterFileEscape() : byte)
      }
    } catch {
      throw self.error("bad escape in \(part)")
    }
    guard octets.count <= limit else {
      throw error("\(part) longer than \(limit) octets: split it into several strings")
    }
    return octets
  }

  /// Reads every word left as hexadecimal digits, which blanks may split anywhere.
  mutating func takeHex(_ part: String) throws(ZoneFileError) -> [UInt8] {
    var digits: [UInt8] = []
    while !words.isEmpty {
      for byte in try takeBare(part).octets {
        guard let value = byte.hexValue else { throw error("bad \(part): not hexadecimal") }
        digits.append(value)
      }
    }
    guard digits.count.isMultiple(of: 2) else { throw error("bad \(part): half an octet") }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// Enough of a word for a message.
  static func excerpt(_ word: MasterFileWord) -> String {
    String(word.text.prefix(40).map { $0.isASCII && ($0.asciiValue ?? 0) < 0x20 ? "?" : $0 })
  }
}

/// Times as master files write them: `3600`, or `1h30m` with the units of BIND.
enum MasterFileTime {
  private static let units: [UInt8: UInt32] = [
    UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600,
    UInt8(ascii: "d"): 86_400, UInt8(ascii: "w"): 604_800,
  ]

  /// The seconds, at most 2³¹−1 (RFC 2181 §8); nil where the text is no time.
  static func seconds(_ text: [UInt8]) -> UInt32? {
    var cursor = ByteCursor(text)
    var total: UInt64 = 0
    repeat {
      let limit = UInt64(Int32.max)
      guard let count = try? cursor.takeDecimal(upTo: limit, naming: "time") else { return nil }
      if let unit = cursor.next() {
        guard let seconds = units[unit.lowercasedASCII] else { return nil }
        total += count * UInt64(seconds)
      } else {
        // A number without a unit stands alone.
        guard total == 0, text.allSatisfy(\.isDigit) else { return nil }
        total = count
      }
      guard total <= limit else { return nil }
    } while !cursor.isAtEnd
    return UInt32(total)
  }
}
