internal import Wire

/// Finds the fields of a name, in a time that hardly grows with their number.
///
/// Names are kept in order rather than hashed: a header has few fields, and of most names the
/// first eight octets decide.
struct FieldIndex: Sendable {
  /// The first eight octets of each name, in order.
  private let heads: [UInt64]
  /// The names in this order.
  private let names: [String]
  /// The place of the field behind each name; of equal names, from the top down.
  private let places: [Int]

  init(_ fields: [HeaderField]) {
    let heads = fields.map { Self.head(of: $0.name) }
    places = fields.indices.sorted { left, right in
      if heads[left] != heads[right] { return heads[left] < heads[right] }
      let (one, other) = (fields[left].name, fields[right].name)
      return Self.isEqual(one, other) ? left < right : Self.isLess(one, other)
    }
    self.heads = places.map { heads[$0] }
    names = places.map { fields[$0].name }
  }

  func places(of name: String) -> ArraySlice<Int> {
    let head = Self.head(of: name)
    let start = partition(0..<heads.count) { heads[$0] < head }
    guard start < heads.count, heads[start] == head else { return [] }
    let end = partition(start..<heads.count) { heads[$0] == head }
    if Self.isEqual(names[start], name), end == start + 1 || Self.isEqual(names[end - 1], name) {
      return places[start..<end]
    }
    let first = partition(start..<end) { Self.isLess(names[$0], name) }
    return places[first..<partition(first..<end) { Self.isEqual(names[$0], name) }]
  }

  /// The first place that does not satisfy `condition`, which those before it do.
  private func partition(_ range: Range<Int>, _ condition: (Int) -> Bool) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = low + (high - low) / 2
      if condition(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func head(of name: String) -> UInt64 {
    var head: UInt64 = 0
    var count = 0
    for octet in name.utf8 {
      head = head << 8 | UInt64(octet)
      count += 1
      if count == 8 { break }
    }
    return head
  }

  /// Whether names whose heads are equal are so as a whole.
  private static func isEqual(_ left: String, _ right: String) -> Bool {
    let count = left.utf8.count
    return count == right.utf8.count && (count <= 8 || left.utf8.elementsEqual(right.utf8))
  }

  private static func isLess(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
