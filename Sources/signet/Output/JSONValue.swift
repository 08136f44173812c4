import Mail

/// A JSON text in the making, in which nothing is left out: what is not known is `null`.
enum JSONValue {
  case null
  case bool(Bool)
  case number(Int)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The string, or `null`.
  init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
  init(_ number: Int?) { self = number.map(JSONValue.number) ?? .null }

  /// On one line, members in alphabetical order. What shows nothing by itself but may change how
  /// its neighbours are shown is written as an escape (RFC 8259 §7): also a terminal may read this.
  ///
  /// Written here, since Foundation's encoder takes longer for a verdict than the verdict does.
  func line() -> String {
    var octets: [UInt8] = []
    octets.reserveCapacity(2048)
    append(to: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  private func append(to output: inout [UInt8]) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .number(let value): output += String(value).utf8
    case .string(let text): Self.append(text, to: &output)
    case .array(let values):
      output += "[".utf8
      for (index, value) in values.enumerated() {
        if index > 0 { output += ",".utf8 }
        value.append(to: &output)
      }
      output += "]".utf8
    case .object(let members):
      output += "{".utf8
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { output += ",".utf8 }
        Self.append(member.key, to: &output)
        output += ":".utf8
        member.value.append(to: &output)
      }
      output += "}".utf8
    }
  }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output += "\"".utf8
    if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 && $0 != 0x22 && $0 != 0x5C }) {
      output += text.utf8
    } else {
      for scalar in text.unicodeScalars { append(scalar, to: &output) }
    }
    output += "\"".utf8
  }

  private static func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
    switch scalar {
    case "\"": output += #"\""#.utf8
    case "\\": output += #"\\"#.utf8
    case "\u{8}": output += #"\b"#.utf8
    case "\t": output += #"\t"#.utf8
    case "\n": output += #"\n"#.utf8
    case "\u{C}": output += #"\f"#.utf8
    case "\r": output += #"\r"#.utf8
    case _ where scalar.isInvisible:
      for unit in UTF16.encode(scalar) ?? .init() {
        let digits = String(unit, radix: 16)
        output += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
      }
    default: output += UTF8.encode(scalar) ?? .init()
    }
  }
}
