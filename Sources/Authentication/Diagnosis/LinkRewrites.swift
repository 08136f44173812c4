internal import Wire

/// Links that a filter sent through its own server, and that tell where they led before.
struct LinkRewrites {
  private let draft: Restoration
  init(_ draft: Restoration) { self.draft = draft }

  var all: [Restoration] {
    guard let (body, count) = restored else { return [] }
    return [
      draft.undoing(
        TransitFinding(.linksRewritten, "\(count) link(s) were rewritten by a filter."), body: body)
    ]
  }

  private static let scheme = Array("https://".utf8)
  /// Octets of one link that are read.
  private static let maximumLink = 4_096

  private var restored: ([UInt8], Int)? {
    var output: [UInt8] = []
    var count = 0
    var index = 0
    let body = draft.body
    while index < body.count {
      if body[index] == UInt8(ascii: "h"), body[index...].starts(with: Self.scheme) {
        let limit = min(body.count, index + Self.maximumLink)
        let link = body[index..<limit].prefix {
          $0.isVisible && $0 != .doubleQuote && $0 != .lessThan && $0 != .greaterThan
            && $0 != UInt8(ascii: "'")
        }
        if let original = Self.original(of: link) {
          output += original
          count += 1
        } else {
          output += link
        }
        index = link.endIndex
      } else {
        output.append(body[index])
        index += 1
      }
    }
    return count > 0 ? (output, count) : nil
  }

  private static func original(of link: ArraySlice<UInt8>) -> [UInt8]? {
    let text = link.text
    if text.contains(".safelinks.protection.outlook.com/") {
      return parameter("url", of: text).flatMap { unescape($0, "%") }
    }
    if text.hasPrefix("https://urldefense.proofpoint.com/v2/url?") {
      return parameter("u", of: text).flatMap { value in
        unescape(value.replacing("_", with: "/"), "-")
      }
    }
    if text.hasPrefix("https://urldefense.com/v3/__"), let end = text.firstRange(of: "__;") {
      return Array(text[text.index(text.startIndex, offsetBy: 28)..<end.lowerBound].utf8)
    }
    return nil
  }

  /// The value of a query parameter; `&` may be written as in HTML.
  private static func parameter(_ name: String, of link: String) -> String? {
    let query = link.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    for part in query.replacing("&amp;", with: "&").split(separator: "&")
    where part.hasPrefix("\(name)=") {
      return String(part.dropFirst(name.count + 1))
    }
    return nil
  }

  /// Undoes `%2F`, or `-2F`.
  private static func unescape(_ text: String, _ mark: Character) -> [UInt8]? {
    var cursor = ByteCursor(text)
    var output: [UInt8] = []
    while let byte = cursor.next() {
      guard byte == mark.asciiValue else {
        output.append(byte)
        continue
      }
      guard let high = cursor.next()?.hexValue, let low = cursor.next()?.hexValue else {
        return nil
      }
      output.append(high << 4 | low)
    }
    return output.isEmpty ? nil : output
  }
}
