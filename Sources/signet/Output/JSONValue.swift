import Foundation
import Mail

/// A JSON text in the making, in which nothing is left out: what is not known is `null`.
enum JSONValue: Encodable {
  case null
  case bool(Bool)
  case number(Int)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The string, or `null`.
  init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
  init(_ number: Int?) { self = number.map(JSONValue.number) ?? .null }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }

  /// On one line, members in alphabetical order. What shows nothing by itself but may change how
  /// its neighbours are shown is written as an escape (RFC 8259 §7): also a terminal may read this.
  func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self).escapingInvisibles
  }
}

extension String {
  fileprivate var escapingInvisibles: String {
    guard unicodeScalars.contains(where: \.isInvisible) else { return self }
    var output = ""
    for scalar in unicodeScalars {
      guard scalar.isInvisible else {
        output.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return output
  }
}
