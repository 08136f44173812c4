import Foundation
import Wire

/// The name of a new key: `mx1-20261122-k7q2m9`.
///
/// The server's name and the date tell administrators whose key it is and how old; the random part
/// keeps strangers from finding keys that are not in use yet, and two keys of one day apart.
enum Selector {
  /// Letters and digits that nobody takes for each other: no `i l o 0 1`.
  private static let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789".utf8)
  /// 31⁶: nearly nine hundred million.
  static let randomLength = 6
  /// A label has at most 63 octets.
  static let maximumServerLength = 40

  /// - Parameters:
  ///   - server: a host name; its first label is used.
  ///   - moment: its day in UTC is used.
  static func make(
    server: String, moment: Moment, using random: inout some RandomNumberGenerator
  ) -> String {
    let label = server.lowercased().prefix { $0 != "." }
    let letters = label.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      .prefix(maximumServerLength)
    var word = ""
    for _ in 0..<randomLength {
      let octet = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      word.unicodeScalars.append(Unicode.Scalar(octet))
    }
    let day = Date(timeIntervalSince1970: Double(moment.seconds))
      .formatted(.iso8601.year().month().day().dateSeparator(.omitted))
    let server = letters.isEmpty || letters.hasPrefix("-") ? "key" : String(letters)
    return "\(server)-\(day)-\(word)"
  }
}
