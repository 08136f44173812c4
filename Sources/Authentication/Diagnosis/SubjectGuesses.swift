internal import Mail
internal import Wire

/// Subjects without the tag that a list or a filter put there, and in other encodings.
struct SubjectGuesses {
  private let field: SignedField
  private let raw: String

  init(_ field: SignedField) {
    self.field = field
    raw = field.unfolded.text
  }

  var all: [FieldGuess] {
    var guesses = untagged(raw).map { guess($0.text, $0.rank, $0.tag) }
    guesses += rawCuts
    guard raw.contains("=?") || raw.utf8.contains(where: \.isNonASCII) else { return guesses }
    let decoded = EncodedPhrase.decode(raw)
    for (text, rank, tag) in untagged(decoded) {
      guesses += EncodedPhrase.encodings(of: text).map { guess($0, rank + 1, tag) }
    }
    guesses += EncodedPhrase.encodings(of: decoded).map { written in
      FieldGuess(
        signed: field.with(value: [.blank] + Array(written.utf8)), rank: 3,
        finding: TransitFinding(
          .fieldReencoded, field: field.name, text: field.excerpt,
          "The Subject was encoded in another way."))
    }
    return guesses
  }

  private func guess(_ text: String, _ rank: Int, _ tag: String) -> FieldGuess {
    FieldGuess(
      signed: field.with(value: [.blank] + Array(text.utf8)), rank: rank,
      finding: TransitFinding(
        .subjectTagged, field: field.name, text: tag,
        "The Subject was tagged with \(Array(tag.utf8).excerpt)."))
  }

  private static let replies: Set<String> = [
    "re:", "aw:", "fwd:", "fw:", "antw:", "sv:", "wg:", "tr:", "rv:", "r:", "vs:",
  ]

  private typealias Untagged = (text: String, rank: Int, tag: String)

  /// The text without words at its start, or behind a `Re:`, or at its end.
  private func untagged(_ text: String) -> [Untagged] {
    var found: [Untagged] = []
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    var start = 0
    while start < words.count, Self.replies.contains(words[start].lowercased()) { start += 1 }
    for lead in Set([0, start]).sorted() {
      for count in 1...8 where lead + count < words.count {
        let tag = words[lead..<(lead + count)].joined(separator: " ")
        let kept = words[..<lead] + words[(lead + count)...]
        found.append((kept.joined(separator: " "), Self.rank(of: tag, count), tag))
      }
    }
    // No blank behind the tag: `[list]Subject`.
    if let end = text.firstIndex(of: "]"), text.hasPrefix("[") {
      let rest = text[text.index(after: end)...]
      if rest.first.map({ $0 != " " }) ?? false {
        found.append((String(rest), 1, String(text[...end])))
      }
    }
    for count in 1...3 where count < words.count {
      let tag = words.suffix(count).joined(separator: " ")
      found.append(
        (words.dropLast(count).joined(separator: " "), Self.rank(of: tag, count) + 1, tag))
    }
    return found
  }

  /// Tags mostly stand in brackets, in asterisks or before a colon.
  private static func rank(of tag: String, _ words: Int) -> Int {
    guard let first = tag.first, let last = tag.last else { return 3 }
    if "[({*<".contains(first), "])}*>:".contains(last) { return 1 }
    return last == ":" || last == "]" ? 2 : words == 1 ? 2 : 3
  }

  /// Where simple form keeps folds, the tag is cut out of the value as it stands.
  private var rawCuts: [FieldGuess] {
    guard let value = field.value, value.contains(.lineFeed) else { return [] }
    var guesses: [FieldGuess] = []
    let text = value[...]
    var words = 0
    var start = text.drop { $0.isFoldingWhitespace }.startIndex
    if let mark = value[start...].firstIndex(where: \.isFoldingWhitespace),
      Self.replies.contains(value[start..<mark].lowercasedASCIIText)
    {
      start = value[mark...].drop { $0.isFoldingWhitespace }.startIndex
    }
    var index = start
    while words < 6, let end = value[index...].firstIndex(where: \.isFoldingWhitespace) {
      let next = value[end...].drop { $0.isFoldingWhitespace }.startIndex
      guard next < value.endIndex else { break }
      words += 1
      index = next
      let tag = value[start..<end].text
      guesses.append(
        FieldGuess(
          signed: field.with(value: Array(value[..<start]) + value[next...]),
          rank: Self.rank(of: tag, words),
          finding: TransitFinding(
            .subjectTagged, field: field.name, text: tag,
            "The Subject was tagged with \(Array(tag.utf8).excerpt).")))
    }
    return guesses
  }
}
