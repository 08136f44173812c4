import ArgumentParser
import Wire

/// The record of a key, as it is to be published.
struct KeyRecordText {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    /// A master file (RFC 1035 §5).
    case zone
    /// A script for nsupdate (RFC 2136).
    case nsupdate
    /// The text alone, for forms on web pages.
    case plain
  }

  let name: DomainName
  let record: String
  /// Seconds.
  var ttl: UInt32 = 3600

  /// RFC 1035 §3.3: a string has at most 255 octets.
  static let maximumStringLength = 255

  func text(_ format: Format) -> String {
    switch format {
    case .zone: zone
    case .nsupdate:
      """
      update delete \(name). TXT
      update add \(name). \(ttl) TXT \(strings.joined(separator: " "))
      send
      """
    case .plain: record
    }
  }

  private var zone: String {
    let head = "\(name). \(ttl) IN TXT"
    guard strings.count > 1 else { return "\(head) \(strings.joined())" }
    return ([head + " ("] + strings.map { "  " + $0 }).joined(separator: "\n") + " )"
  }

  /// A key record holds letters, digits and `=;/+` only, so nothing needs escapes.
  private var strings: [String] {
    var strings: [String] = []
    var rest = record[...]
    while !rest.isEmpty {
      strings.append("\"\(rest.prefix(Self.maximumStringLength))\"")
      rest = rest.dropFirst(Self.maximumStringLength)
    }
    return strings
  }
}
