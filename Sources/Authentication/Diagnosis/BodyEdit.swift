internal import Mail
internal import Wire

/// Octets that may have been put into a body, or what may have stood in their place.
struct BodyEdit {
  var range: Range<Int>
  /// What stood there before; empty where the octets were added.
  var replacement: [UInt8] = []
  var change: TransitChange

  func finding(in draft: Restoration) -> TransitFinding {
    let octets = range.isEmpty ? draft.body[range.lowerBound...].prefix(60) : draft.body[range]
    let lines = octets.count { $0 == .lineFeed }
    let size = lines == 1 ? "1 line" : lines > 1 ? "\(lines) lines" : "\(octets.count) octets"
    let sentence =
      switch change {
      case .footerAppended: "\(size) were added at the end of the body: \(octets.trimmedExcerpt)."
      case .bannerPrepended: "\(size) were added before the body: \(octets.trimmedExcerpt)."
      case .footerInserted: "\(size) were added at the end of a part: \(octets.trimmedExcerpt)."
      case .bannerInserted: "\(size) were added at the start of a part: \(octets.trimmedExcerpt)."
      case .preambleChanged: "The text before the first part (the preamble) was changed."
      case .dotsLost: "A dot was lost at the start of a line: \(octets.trimmedExcerpt)."
      default: "\(size) were changed: \(octets.trimmedExcerpt)."
      }
    return TransitFinding(
      change, range: draft.receivedRange(range), text: octets.trimmedExcerpt, sentence)
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmedExcerpt: String { trimmingFoldingWhitespace.excerpt }
}

/// The additions that are looked for in one part: what stands before or behind places where
/// programs put banners and footers.
struct AdditionPlaces {
  let body: [UInt8]
  /// The content of the part.
  let range: Range<Int>
  let isWholeBody: Bool

  /// Lines looked at from either end of a part.
  static let lines = 80
  /// Lines looked at from the end of a body, where each costs only the end of a hash.
  static let tailLines = 5_000
  /// Octets of HTML looked at beside a tag, and places in them.
  static let markupReach = 6_000
  static let markupPlaces = 150

  /// Octets that all trials of one kind may hash together: in long bodies fewer places are tried.
  private static let reach = 8 * 1024 * 1024

  /// So many places, or fewer where each costs the hash of a long body.
  static func bounded(_ places: Int, bodyOf count: Int) -> Int {
    min(places, max(4, reach / max(count, 1)))
  }

  func edits(isHTML: Bool) -> [BodyEdit] {
    footers + banners + (isHTML ? markup : [])
  }

  private var footers: [BodyEdit] {
    let change = isWholeBody ? TransitChange.footerAppended : .footerInserted
    let limit =
      isWholeBody ? Self.tailLines : Self.bounded(Self.lines, bodyOf: body.count)
    var edits: [BodyEdit] = []
    var end = range.upperBound
    for _ in 0..<limit where end > range.lowerBound {
      var start = end - 1
      while start > range.lowerBound, body[start - 1] != .lineFeed { start -= 1 }
      edits.append(BodyEdit(range: start..<range.upperBound, change: change))
      // Within a multipart the line end before the addition may have come with it.
      if !isWholeBody, start - 2 >= range.lowerBound, body[start - 2] == .carriageReturn {
        edits.append(BodyEdit(range: (start - 2)..<range.upperBound, change: change))
      }
      end = start
    }
    return edits
  }

  private var banners: [BodyEdit] {
    let change = isWholeBody ? TransitChange.bannerPrepended : .bannerInserted
    var edits: [BodyEdit] = []
    var end = range.lowerBound
    for _ in 0..<Self.bounded(Self.lines, bodyOf: body.count) {
      guard let lineFeed = body[end..<range.upperBound].firstIndex(of: .lineFeed) else { break }
      end = lineFeed + 1
      guard end < range.upperBound else { break }
      edits.append(BodyEdit(range: range.lowerBound..<end, change: change))
    }
    return edits
  }

  /// Before `</body>` and `</html>`, and after `<body …>`.
  private var markup: [BodyEdit] {
    var edits: [BodyEdit] = []
    for tag in ["</body", "</html"] {
      guard let end = last(tag) else { continue }
      for start in places(in: max(range.lowerBound, end - Self.markupReach)..<end).reversed() {
        edits.append(BodyEdit(range: start..<end, change: .footerInserted))
      }
    }
    if let start = endOfBodyTag {
      let reach = start..<min(range.upperBound, start + Self.markupReach)
      for end in places(in: reach) where end > start {
        edits.append(BodyEdit(range: start..<end, change: .bannerInserted))
      }
    }
    return edits
  }

  /// Where tags start and end, and where lines start.
  private func places(in reach: Range<Int>) -> [Int] {
    let places = reach.filter { index in
      body[index] == UInt8(ascii: "<")
        || (index > 0 && (body[index - 1] == .lineFeed || body[index - 1] == UInt8(ascii: ">")))
    }
    let limit = Self.bounded(Self.markupPlaces, bodyOf: body.count)
    return places.count <= limit
      ? places : Array(places.prefix(limit / 2) + places.suffix(limit / 2))
  }

  private func last(_ tag: String) -> Int? {
    let tag = Array(tag.utf8)
    var index = range.upperBound - tag.count
    while index >= range.lowerBound {
      if body[index] == tag[0],
        zip(body[index..<index + tag.count], tag).allSatisfy({ $0.lowercasedASCII == $1 })
      {
        return index
      }
      index -= 1
    }
    return nil
  }

  private var endOfBodyTag: Int? {
    guard let start = last("<body") else { return nil }
    return body[start..<range.upperBound].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
  }
}
