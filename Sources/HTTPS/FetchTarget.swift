internal import Wire

/// Where a body is, and how much of it is read.
struct FetchTarget: Hashable, Sendable {
  var host: DomainName
  var port: UInt16
  /// With its query, as on the wire.
  var path: String
  /// Octets.
  var limit: Int

  var url: String { "https://\(host)\(port == 443 ? "" : ":\(port)")\(path)" }

  init(host: DomainName, port: UInt16, path: String, limit: Int) {
    self.host = host
    self.port = port
    self.path = path
    self.limit = limit
  }

  /// Reads `https://HOST[:PORT][/PATH]`: no other scheme, no user, no fragment, no address.
  init(parsing text: String, limit: Int) throws(SyntaxError) {
    var cursor = ByteCursor(text)
    guard text.utf8.count <= 2048 else { throw SyntaxError(.tooLong("URL"), at: 2048) }
    guard cursor.take(ignoringCase: "https://") else { throw cursor.error(.badValue("scheme")) }
    let start = cursor.offset
    let name = cursor.take { $0.isAlphanumeric || $0 == .hyphen || $0 == .dot || $0 == .underscore }
    let host: DomainName
    do { host = try DomainName(parsing: name) } catch { throw error.shifted(by: start) }
    guard host.labels.last?.allSatisfy(\.isDigit) == false else {
      throw SyntaxError(.badValue("host"), at: start)
    }
    var port: UInt16 = 443
    if cursor.take(.colon) {
      port = UInt16(truncatingIfNeeded: try cursor.takeDecimal(upTo: 65_535, naming: "port"))
    }
    var path = "/"
    if !cursor.isAtEnd {
      guard cursor.peek == .slash else { throw cursor.unexpected }
      path = cursor.take { $0.isVisible && !Array("#\"<>\\^`{|}".utf8).contains($0) }.text
      try cursor.requireEnd()
    }
    self.init(host: host, port: port, path: path, limit: limit)
  }
}
