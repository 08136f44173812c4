import Foundation

/// A JSON value, to be compared and looked into.
public enum JSON: Hashable, Sendable, Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  public init(parsing octets: [UInt8]) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(octets))
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let values = try? container.decode([JSON].self) {
      self = .array(values)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  /// The member, or nil where there is none of this name.
  public subscript(name: String) -> JSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  public subscript(index: Int) -> JSON? {
    if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
  }

  public var text: String? { if case .string(let text) = self { text } else { nil } }
  public var values: [JSON]? { if case .array(let values) = self { values } else { nil } }
  public var names: Set<String>? {
    if case .object(let members) = self { Set(members.keys) } else { nil }
  }
}
