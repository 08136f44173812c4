internal import Wire

/// A value inside a policy list, and the way to it.
struct PolicyListPlace {
  var node: JSONNode
  var path: String

  func error(_ reason: SyntaxError.Reason, at offset: Int? = nil) -> PolicyListError {
    PolicyListError(path: path, SyntaxError(reason, at: offset ?? node.offset))
  }

  /// A string of bounded length.
  func text() throws(PolicyListError) -> String {
    guard case .string(let text) = node.value else { throw error(.badValue("string")) }
    guard text.utf8.count <= PolicyList.maximumTextLength else { throw error(.tooLong("string")) }
    return text
  }

  /// Seconds since 1970: an integer, or the date-time of RFC 3339 §5.6 without a leap second.
  func moment() throws(PolicyListError) -> UInt64 {
    switch node.value {
    case .integer(let seconds) where (0...InternetDateTime.lastSecond).contains(seconds):
      return UInt64(seconds)
    case .string(let text):
      guard let seconds = InternetDateTime.seconds(text) else { throw error(.badValue("time")) }
      return UInt64(max(0, seconds))
    default: throw error(.badValue("time"))
    }
  }

  func elements(atMost limit: Int) throws(PolicyListError) -> [PolicyListPlace] {
    guard case .array(let nodes) = node.value else { throw error(.badValue("array")) }
    guard nodes.count <= limit else { throw error(.tooLong("array")) }
    return nodes.enumerated().map { PolicyListPlace(node: $1, path: "\(path)[\($0)]") }
  }

  func members(
    atMost limit: Int
  ) throws(PolicyListError) -> [(name: String, offset: Int, place: PolicyListPlace)] {
    guard case .object(let members) = node.value else { throw error(.badValue("object")) }
    guard members.count <= limit else { throw error(.tooLong("object")) }
    return members.map { member in
      let step = "[\(JSONText.quoted(String(member.name.prefix(300))))]"
      let place = PolicyListPlace(node: member.value, path: path + step)
      return (member.name, member.offset, place)
    }
  }

  /// A name of two labels or more, or a suffix behind a dot, as the schema's expression has it.
  static func pattern(_ text: String) -> MXPattern? {
    guard let pattern = try? MXPattern(parsing: Array(text.utf8), .leadingDot) else { return nil }
    let name =
      switch pattern {
      case .host(let name), .anyLabel(let name): name
      }
    let labels = name.labels
    guard labels.count >= 2, let last = labels.last, last.count >= 2,
      last.allSatisfy(\.isAlphanumeric) || last.starts(with: "xn--".utf8)
    else { return nil }
    return pattern
  }
}

/// The members of one object, taken one by one; what is left over is unknown.
struct PolicyListMembers {
  private var members: [String: JSONNode.Member] = [:]
  private let place: PolicyListPlace

  init(of node: JSONNode, at path: String) throws(PolicyListError) {
    place = PolicyListPlace(node: node, path: path)
    guard case .object(let members) = node.value else { throw place.error(.badValue("object")) }
    for member in members { self.members[member.name] = member }
  }

  mutating func take(_ name: String) -> PolicyListPlace? {
    members.removeValue(forKey: name).map {
      PolicyListPlace(node: $0.value, path: "\(place.path).\(name)")
    }
  }

  mutating func require(_ name: String) throws(PolicyListError) -> PolicyListPlace {
    guard let found = take(name) else { throw place.error(.missing(name)) }
    return found
  }

  func requireEnd() throws(PolicyListError) {
    guard let first = members.values.min(by: { $0.offset < $1.offset }) else { return }
    let step = "[\(JSONText.quoted(String(first.name.prefix(300))))]"
    throw PolicyListError(
      path: place.path + step, SyntaxError(.badValue("member"), at: first.offset))
  }
}
