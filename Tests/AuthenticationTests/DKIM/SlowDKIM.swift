import Crypto
import MailTesting
import Wire

/// The canonical forms of RFC 6376 §3.4 once more: step by step as the text has them, without a
/// thought of speed or memory. What is tested must agree with it.
enum SlowDKIM {
  static let lineEnd: [UInt8] = [0x0D, 0x0A]

  /// What stands between CRLFs; the last is empty where the text ends in one.
  static func lines(_ text: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = [[]]
    for byte in text {
      lines[lines.count - 1].append(byte)
      if lines[lines.count - 1].suffix(2).elementsEqual(lineEnd) {
        lines[lines.count - 1].removeLast(2)
        lines.append([])
      }
    }
    return lines
  }

  /// §3.4.3: `*CRLF` at the end becomes one.
  static func simpleBody(_ body: [UInt8]) -> [UInt8] {
    var text = body
    while text.suffix(2).elementsEqual(lineEnd) { text.removeLast(2) }
    return text + lineEnd
  }

  /// §3.4.4: blanks are reduced, then empty lines at the end ignored.
  static func relaxedBody(_ body: [UInt8]) -> [UInt8] {
    var reduced = lines(body).map { trimmingEnd(reducingBlanks($0)) }
    while reduced.last?.isEmpty == true { reduced.removeLast() }
    return reduced.flatMap { $0 + lineEnd }
  }

  static func reducingBlanks(_ line: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    for byte in line {
      let isBlank = byte == 0x20 || byte == 0x09
      if isBlank, output.last == 0x20 { continue }
      output.append(isBlank ? 0x20 : byte)
    }
    return output
  }

  private static func trimmingEnd(_ line: [UInt8]) -> [UInt8] {
    var line = line
    while line.last == 0x20 { line.removeLast() }
    return line
  }

  /// §3.4.2, its five steps; without a CRLF at the end.
  static func relaxedField(_ field: [UInt8]) -> [UInt8] {
    let colon = field.firstIndex(of: 0x3A) ?? field.endIndex
    var name = Array(String(decoding: field[..<colon], as: UTF8.self).lowercased().utf8)
    while name.last == 0x20 || name.last == 0x09 { name.removeLast() }
    let unfolded = Array(lines(Array(field[colon...].dropFirst())).joined())
    var value = trimmingEnd(reducingBlanks(unfolded))
    while value.first == 0x20 { value.removeFirst() }
    return name + [0x3A] + value
  }
}

/// Signs by hand, so that a test can write any tag it likes and still have hash and signature
/// right: what then refuses the signature is the tag alone.
struct HandSigner {
  static let key = Curve25519.Signing.PrivateKey()
  static var keyText: String { Base64.encode(Array(key.publicKey.rawRepresentation)) }
  static var zone: [String: [String]] {
    ["hand._domainkey.example.com": ["v=DKIM1; k=ed25519; p=\(keyText)"]]
  }

  /// `{bh}` and `{b}` stand where the two go.
  static let usualTags =
    "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=hand; "
    + "h=from:to:subject:date; bh={bh}; b={b}"

  static func sign(
    _ letter: Letter, _ tags: String = usualTags, name: String = "DKIM-Signature"
  ) throws -> Letter {
    let values = tagValues(tags)
    let forms = (values["c"] ?? "simple/simple").split(separator: "/")
    let isRelaxed = forms.first == "relaxed"
    let body =
      forms.last == "relaxed" && forms.count == 2
      ? SlowDKIM.relaxedBody(letter.body) : SlowDKIM.simpleBody(letter.body)
    let counted = values["l"].flatMap { Int($0) }.map { Array(body.prefix($0)) } ?? body
    let field =
      "\(name): "
      + tags.replacing("{bh}", with: Base64.encode(Array(SHA256.hash(data: counted))))
    let hashed =
      signedOctets(letter, values["h"] ?? "", isRelaxed)
      + canonical(Array(field.replacing("{b}", with: "").utf8), isRelaxed)
    let signature = try key.signature(for: Array(SHA256.hash(data: hashed)))
    return letter.prepending(field.replacing("{b}", with: Base64.encode(Array(signature))))
  }

  private static func signedOctets(
    _ letter: Letter, _ names: String, _ isRelaxed: Bool
  ) -> [UInt8] {
    var rest = letter.fields
    var octets: [UInt8] = []
    for name in names.split(separator: ":") {
      let wanted = trimmed(name).lowercased()
      guard
        let index = rest.lastIndex(where: {
          trimmed(String(decoding: $0.prefix { $0 != 0x3A }, as: UTF8.self)).lowercased() == wanted
        })
      else { continue }
      octets += canonical(rest.remove(at: index), isRelaxed) + SlowDKIM.lineEnd
    }
    return octets
  }

  private static func canonical(_ field: [UInt8], _ isRelaxed: Bool) -> [UInt8] {
    isRelaxed ? SlowDKIM.relaxedField(field) : field
  }

  private static func tagValues(_ tags: String) -> [String: String] {
    var values: [String: String] = [:]
    for tag in tags.split(separator: ";") {
      let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { values[trimmed(parts[0])] = trimmed(parts[1]) }
    }
    return values
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.utf8.split { $0 <= 0x20 }.joined(separator: [0x20]).map { $0 }.text)
  }
}

extension [UInt8] {
  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
