/// A message that a test can change as servers do. All text is UTF-8, lines end in CRLF.
public struct TransitMessage: Sendable {
  /// What follows the colon, folds included, is the value.
  public var fields: [(name: String, value: String)]
  public var body: String

  public init(fields: [(name: String, value: String)], body: String) {
    self.fields = fields
    self.body = body
  }

  public var octets: [UInt8] {
    Array((fields.map { "\($0.name):\($0.value)\r\n" }.joined() + "\r\n" + body).utf8)
  }

  /// The value of the first field of this name, without blanks at its ends.
  public subscript(name: String) -> String? {
    get {
      fields.first { $0.name.lowercased() == name.lowercased() }.map { field in
        String(field.value.drop { $0 == " " })
      }
    }
    set {
      let index = fields.firstIndex { $0.name.lowercased() == name.lowercased() }
      switch (index, newValue) {
      case (let index?, let value?): fields[index].value = " \(value)"
      case (let index?, nil): fields.remove(at: index)
      case (nil, let value?): fields.append((name, " \(value)"))
      case (nil, nil): break
      }
    }
  }

  public mutating func prepend(_ name: String, _ value: String) {
    fields.insert((name, " \(value)"), at: 0)
  }

  public var contentType: String { self["Content-Type"] ?? "text/plain" }
  public var encoding: String { self["Content-Transfer-Encoding"] ?? "7bit" }

  public var boundary: String? {
    guard contentType.hasPrefix("multipart/") else { return nil }
    return contentType.split(separator: "boundary=").last.map { String($0.filter { $0 != "\"" }) }
  }

  /// The parts of a multipart, each with its header; the text before the first one is lost.
  public var parts: [TransitMessage] {
    get {
      guard let boundary else { return [] }
      let pieces = ("\r\n" + body).split(
        separator: "\r\n--\(boundary)", omittingEmptySubsequences: false)
      return pieces.dropFirst().prefix { !$0.hasPrefix("--") }.map {
        TransitMessage(parsing: String($0.dropFirst()))
      }
    }
    set {
      guard let boundary else { return }
      body =
        newValue.map { "--\(boundary)\r\n" + String(decoding: $0.octets, as: UTF8.self) + "\r\n" }
        .joined() + "--\(boundary)--\r\n"
    }
  }

  public init(parsing text: String) {
    fields = []
    var rest = text[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != "\r\n" }
      rest = rest.dropFirst(line.count + 1)
      if line.isEmpty { break }
      if line.first == " " || line.first == "\t", !fields.isEmpty {
        fields[fields.count - 1].value += "\r\n\(line)"
      } else if let colon = line.firstIndex(of: ":") {
        fields.append((String(line[..<colon]), String(line[line.index(after: colon)...])))
      }
    }
    body = String(rest)
  }
}

/// Transfer encodings, written here once more so that the tests do not judge the library by
/// itself.
public enum TransitEncoding {
  public static func base64(_ text: String, lineLength: Int = 76) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var encoded: [Character] = []
    let octets = Array(text.utf8)
    for start in stride(from: 0, to: octets.count, by: 3) {
      let group = Array(octets[start..<min(start + 3, octets.count)])
      let bits = (0..<3).reduce(0) { $0 << 8 | (($1 < group.count) ? Int(group[$1]) : 0) }
      for place in 0..<4 {
        encoded.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : "=")
      }
    }
    var lines: [String] = []
    for start in stride(from: 0, to: encoded.count, by: lineLength) {
      lines.append(String(encoded[start..<min(start + lineLength, encoded.count)]))
    }
    return lines.joined(separator: "\r\n")
  }

  /// Soft breaks where a line would have more than `room` octets before the `=`.
  public static func quotedPrintable(_ text: String, room: Int = 75) -> String {
    text.split(separator: "\r\n", omittingEmptySubsequences: false).map { line in
      var lines = [""]
      let octets = Array(line.utf8)
      for (index, octet) in octets.enumerated() {
        let isBlankAtEnd = octet == 0x20 && index == octets.count - 1
        let isPlain = (0x20...0x7E).contains(octet) && octet != 0x3D && !isBlankAtEnd
        let hex = String(octet, radix: 16, uppercase: true)
        let token =
          isPlain ? String(UnicodeScalar(octet)) : "=\(hex.utf8.count < 2 ? "0" : "")\(hex)"
        if lines[lines.count - 1].utf8.count + token.utf8.count > room { lines.append("") }
        lines[lines.count - 1] += token
      }
      return lines.joined(separator: "=\r\n")
    }.joined(separator: "\r\n")
  }

  public static func encode(_ text: String, _ encoding: String, room: Int = 75) -> String {
    switch encoding {
    case "base64": base64(text)
    case "quoted-printable": quotedPrintable(text, room: room)
    default: text
    }
  }

  public static func decode(_ text: String, _ encoding: String) -> String {
    switch encoding {
    case "base64": decodeBase64(text)
    case "quoted-printable": decodeQuotedPrintable(text)
    default: text
    }
  }

  private static func decodeBase64(_ text: String) -> String {
    let alphabet = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var octets: [UInt8] = []
    var bits = 0
    var count = 0
    for octet in text.utf8 {
      guard let value = alphabet.firstIndex(of: octet) else { continue }
      bits = (bits << 6 | value) & 0xFFFFFF
      count += 6
      if count >= 8 {
        count -= 8
        octets.append(UInt8(bits >> count & 0xFF))
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  private static func decodeQuotedPrintable(_ text: String) -> String {
    var octets: [UInt8] = []
    let input = Array(text.replacing("=\r\n", with: "").utf8)
    var index = 0
    while index < input.count {
      if input[index] == 0x3D, index + 2 < input.count,
        let octet = UInt8(
          String(decoding: input[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        octets.append(octet)
        index += 3
      } else {
        octets.append(input[index])
        index += 1
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
