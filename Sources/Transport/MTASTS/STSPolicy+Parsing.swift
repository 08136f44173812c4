public import Wire

extension STSPolicy {
  /// The largest policy file that is read, in octets (RFC 8461 §3.3).
  public static let maximumLength = 65_536
  /// The largest `max_age`, in seconds: a year (§3.2).
  public static let maximumAge: UInt32 = 31_557_600

  /// Reads a policy file by the grammar of RFC 8461 §3.2.
  ///
  /// Lines end with LF or CRLF. Unknown keys are passed over, and of a key given twice (`mx` aside)
  /// the first counts. Empty lines, which the grammar lacks, are passed over too: files that end
  /// with one are in use, and they change nothing. A `max_age` above the maximum is refused.
  ///
  /// - Throws: `SyntaxError` at the octet, line or value; at the end for a missing key.
  public init(parsing body: [UInt8]) throws(SyntaxError) {
    guard body.count <= Self.maximumLength else {
      throw SyntaxError(.tooLong("policy"), at: Self.maximumLength)
    }
    guard String(validating: body, as: UTF8.self) != nil else {
      throw SyntaxError(.badValue("UTF-8"), at: body.firstIndex(where: \.isNonASCII) ?? 0)
    }
    var reading = PolicyReading()
    var cursor = ByteCursor(body)
    while !cursor.isAtEnd {
      try reading.take(STSPolicyLine(&cursor))
    }
    self = try reading.policy(endingAt: cursor.offset)
  }
}

/// One line of a policy file: its key, and its value without blanks at either end.
private struct STSPolicyLine {
  var key: ArraySlice<UInt8>
  var value: ArraySlice<UInt8>

  /// Reads `sts-policy-field *WSP` and the line's end; an empty line has an empty key.
  init(_ cursor: inout ByteCursor) throws(SyntaxError) {
    let start = cursor.offset
    key = cursor.take { $0.isAlphanumeric || $0 == .underscore || $0 == .hyphen || $0 == .dot }
    value = []
    if key.isEmpty {
      cursor.skipWSP()
    } else {
      guard key.first?.isAlphanumeric == true else {
        throw SyntaxError(.unexpectedByte, at: start)
      }
      guard key.count <= 32 else { throw SyntaxError(.tooLong("key"), at: start) }
      guard cursor.take(.colon) else { throw cursor.unexpected }
      cursor.skipWSP()
      value = cursor.take { !$0.isControl || $0 == .tab }
      while value.last?.isWSP == true { value.removeLast() }
      if let place = value.firstIndex(of: .tab) { throw SyntaxError(.unexpectedByte, at: place) }
      guard !value.isEmpty else {
        throw SyntaxError(.badValue(key.text), at: cursor.offset)
      }
    }
    guard cursor.isAtEnd || cursor.take(.lineFeed) || cursor.take("\r\n") else {
      throw cursor.unexpected
    }
  }
}

/// What has been read of a policy so far.
private struct PolicyReading {
  var hasVersion = false
  var mode: STSPolicy.Mode?
  var maxAge: UInt32?
  var mxPatterns: [MXPattern] = []

  mutating func take(_ line: STSPolicyLine) throws(SyntaxError) {
    switch line.key.text {
    case "version" where !hasVersion:
      guard line.value.elementsEqual("STSv1".utf8) else {
        throw SyntaxError(.wrongVersion, at: line.value.startIndex)
      }
      hasVersion = true
    case "mode" where mode == nil:
      guard let mode = STSPolicy.Mode(rawValue: line.value.text) else {
        throw SyntaxError(.badValue("mode"), at: line.value.startIndex)
      }
      self.mode = mode
    case "max_age" where maxAge == nil:
      maxAge = try Self.age(line.value)
    case "mx":
      do { mxPatterns.append(try MXPattern(parsing: line.value, .star)) } catch {
        throw error.shifted(by: line.value.startIndex)
      }
    default: break
    }
  }

  /// `1*10(DIGIT)`.
  private static func age(_ text: ArraySlice<UInt8>) throws(SyntaxError) -> UInt32 {
    let start = text.startIndex
    guard text.count <= 10, text.allSatisfy(\.isDigit), let age = UInt32(text.text),
      age <= STSPolicy.maximumAge
    else { throw SyntaxError(.badValue("max_age"), at: start) }
    return age
  }

  func policy(endingAt end: Int) throws(SyntaxError) -> STSPolicy {
    guard hasVersion else { throw SyntaxError(.missing("version"), at: end) }
    guard let mode else { throw SyntaxError(.missing("mode"), at: end) }
    guard let maxAge else { throw SyntaxError(.missing("max_age"), at: end) }
    guard mode == .none || !mxPatterns.isEmpty else { throw SyntaxError(.missing("mx"), at: end) }
    return STSPolicy(mode: mode, mxPatterns: mxPatterns, maxAge: maxAge)
  }
}

extension STSPolicy: CustomStringConvertible {
  /// The policy as a file (§3.2), its lines ending with CRLF.
  public var description: String {
    let lines =
      ["version: STSv1", "mode: \(mode.rawValue)"] + mxPatterns.map { "mx: \($0)" }
      + ["max_age: \(maxAge)"]
    return lines.map { $0 + "\r\n" }.joined()
  }
}
