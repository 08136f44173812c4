internal import Wire

/// Dates written in another way (RFC 5322 §3.3).
struct DateGuesses {
  private let field: SignedField
  init(_ field: SignedField) { self.field = field }

  var all: [FieldGuess] {
    let text = field.unfolded.text
    var ways: Set<String> = []
    for comment in comments(text) {
      for zone in zones(comment) {
        for day in days(zone) { ways.insert(day) }
      }
    }
    ways.remove(text)
    return ways.sorted().map { way in
      FieldGuess(
        signed: field.with(value: [.blank] + Array(way.utf8)), rank: 3,
        finding: TransitFinding(
          .dateReformatted, field: field.name, text: field.excerpt,
          "Date was \(Array(way.utf8).excerpt) and became \(field.excerpt)."))
    }
  }

  private func comments(_ text: String) -> [String] {
    let bare = text.firstIndex(of: "(").map { String(text[..<$0]) } ?? text
    let date = Array(bare.utf8)[...].trimmingFoldingWhitespace.text
    let names = [
      "UTC", "GMT", "CET", "CEST", "PST", "PDT", "EST", "EDT", "MST", "MDT", "CST", "CDT",
    ]
    return [text, date] + names.map { "\(date) (\($0))" }
  }

  private func zones(_ text: String) -> [String] {
    let zones = ["+0000", "-0000", "GMT", "UT", "UTC", "Z"]
    var ways = [text]
    for zone in zones where text.hasSuffix(" \(zone)") {
      ways += zones.map { text.dropLast(zone.count) + $0 }
    }
    return ways
  }

  /// The day of the month with and without its zero, the date with and without its weekday.
  private func days(_ text: String) -> [String] {
    var words = text.split(separator: " ").map(String.init)
    guard words.count >= 4 else { return [text] }
    var ways = [text]
    let place = words[0].hasSuffix(",") ? 1 : 0
    if words[place].hasPrefix("0") {
      words[place].removeFirst()
      ways.append(words.joined(separator: " "))
    } else if words[place].utf8.count == 1 {
      words[place] = "0\(words[place])"
      ways.append(words.joined(separator: " "))
    }
    if place == 0 {
      for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] {
        ways.append("\(day), \(text)")
      }
    } else {
      ways.append(text.split(separator: " ").dropFirst().joined(separator: " "))
    }
    return ways
  }
}
