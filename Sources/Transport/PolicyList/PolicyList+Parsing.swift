internal import Wire

extension PolicyList {
  /// The largest text that is read, in octets: a hundred times what EFF published.
  public static let maximumLength = 16_777_216
  /// How many domains, and how many aliases, a list may have.
  public static let maximumEntries = 200_000
  /// How many names an entry may have.
  public static let maximumNames = 1_000
  /// How long an alias or the author may be, in octets.
  public static let maximumTextLength = 1_024

  /// Reads a list by its schema.
  ///
  /// Unknown members are refused at every level, so are members given twice, which the schema
  /// cannot see, and aliases that are not there. Two points are wider: the last label of a name
  /// may be an A-label (`xn--p1ai`), and times before 1970 count as 1970.
  ///
  /// - Throws: `PolicyListError`, with the place in the list and in the text.
  public init(parsing text: [UInt8]) throws(PolicyListError) {
    let root: JSONNode
    let bounds = JSONBounds(length: Self.maximumLength, depth: 8)
    do { root = try JSONReader.read(text, within: bounds) } catch {
      throw PolicyListError(path: "$", error)
    }
    var list = try PolicyListMembers(of: root, at: "$")
    let version = try list.require("version")
    guard version.node.value == .string("0.1") else { throw version.error(.wrongVersion) }
    timestamp = try list.require("timestamp").moment()
    expires = try list.require("expires").moment()
    author = try list.take("author")?.text()
    aliases = try Self.aliases(try list.require("policy-aliases"))
    policies = try Self.policies(try list.require("policies"), aliases)
    try list.requireEnd()
  }

  private static func aliases(
    _ place: PolicyListPlace
  ) throws(PolicyListError) -> [String: PolicyListEntry] {
    var aliases: [String: PolicyListEntry] = [:]
    for (name, offset, place) in try place.members(atMost: maximumEntries) {
      guard !name.isEmpty else { throw place.error(.missing("alias name"), at: offset) }
      guard name.utf8.count <= maximumTextLength else {
        throw place.error(.tooLong("alias name"), at: offset)
      }
      aliases[name] = try PolicyListEntry(at: place)
    }
    return aliases
  }

  private static func policies(
    _ place: PolicyListPlace, _ aliases: [String: PolicyListEntry]
  ) throws(PolicyListError) -> [DomainName: Policy] {
    var policies: [DomainName: Policy] = [:]
    for (name, offset, place) in try place.members(atMost: maximumEntries) {
      guard let pattern = PolicyListPlace.pattern(name), case .host(let domain) = pattern else {
        throw place.error(.badValue("domain"), at: offset)
      }
      guard policies.updateValue(try policy(place, aliases), forKey: domain) == nil else {
        throw place.error(.duplicate("domain"), at: offset)
      }
    }
    return policies
  }

  private static func policy(
    _ place: PolicyListPlace, _ aliases: [String: PolicyListEntry]
  ) throws(PolicyListError) -> Policy {
    var members = try PolicyListMembers(of: place.node, at: place.path)
    guard let reference = members.take("policy-alias") else {
      return .entry(try PolicyListEntry(at: place))
    }
    try members.requireEnd()
    let name = try reference.text()
    guard aliases[name] != nil else { throw reference.error(.missing("alias")) }
    return .alias(name)
  }
}

extension PolicyListEntry {
  /// `policyDefinition`: a mode and at least one name.
  fileprivate init(at place: PolicyListPlace) throws(PolicyListError) {
    var members = try PolicyListMembers(of: place.node, at: place.path)
    let modePlace = try members.require("mode")
    guard let mode = Mode(rawValue: try modePlace.text()) else {
      throw modePlace.error(.badValue("mode"))
    }
    let names = try members.require("mxs")
    try members.requireEnd()
    self.init(mode: mode, mxPatterns: try Self.patterns(names))
  }

  /// Names that differ in case alone are kept once.
  private static func patterns(_ names: PolicyListPlace) throws(PolicyListError) -> [MXPattern] {
    var texts: Set<String> = []
    var seen: Set<MXPattern> = []
    var patterns: [MXPattern] = []
    for place in try names.elements(atMost: PolicyList.maximumNames) {
      let text = try place.text()
      guard let pattern = PolicyListPlace.pattern(text) else {
        throw place.error(.badValue("name"))
      }
      guard texts.insert(text).inserted else { throw place.error(.duplicate("name")) }
      if seen.insert(pattern).inserted { patterns.append(pattern) }
    }
    guard !patterns.isEmpty else { throw names.error(.missing("name")) }
    return patterns
  }
}
