public import DNS
internal import Synchronization
public import Wire

/// A resolver that answers with the DNSSEC state that a test gives each answer, and writes down
/// each question.
///
///     mx.a.test A secure 192.0.2.1
///     mx.b.test A insecure @host.b.test 192.0.2.2
///     a.test MX secure 10 mx.a.test
///     _25._tcp.mx.a.test TLSA secure 3 1 1 2fdc…
///     mx.c.test AAAA timeout
///     mx.d.test A secure nodata
///
/// One line a record; several lines of one name and type are one answer. `@name` says where the
/// records stand after aliases. What no line names does not exist, by a secure proof.
public final class PlannedResolver: Resolver {
  /// A line that cannot be read: a mistake in the test.
  public struct Malformed: Error { public let line: String }

  private struct Question: Hashable {
    var name: DomainName
    var type: RecordType
  }

  private let answers: [Question: Result<Answer, LookupFailure>]
  private let log = Mutex<[String]>([])

  public init(_ text: String) throws {
    var answers: [Question: Result<Answer, LookupFailure>] = [:]
    for line in text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
      var words = line.split(separator: " ").map(String.init)
      guard words.count >= 3, let type = RecordType(mnemonic: Array(words[1].utf8)) else {
        throw Malformed(line: String(line))
      }
      let question = Question(name: try DomainName(parsing: words[0]), type: type)
      let state = words[2]
      words.removeFirst(3)
      if let failure = Self.failure(state) {
        answers[question] = .failure(failure)
        continue
      }
      var answer = Answer(
        .noData, expandedName: question.name, ttl: 300,
        security: state == "secure" ? .secure : .insecure)
      if let alias = words.first, alias.hasPrefix("@") {
        answer.expandedName = try DomainName(parsing: String(alias.dropFirst()))
        words.removeFirst()
      }
      if words == ["nxdomain"] {
        answer.outcome = .noSuchName
      } else if words != ["nodata"] {
        let before = (try? answers[question]?.get().records) ?? []
        answer.outcome = .records(before + [try Self.record(type, words, String(line))])
      }
      answers[question] = .success(answer)
    }
    self.answers = answers
  }

  /// Every question so far, in order: `mx.a.test A`.
  public var questions: [String] { log.withLock { $0 } }

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    log.withLock { $0.append("\(name) \(type)") }
    let absent = Answer(.noSuchName, expandedName: name, ttl: 300, security: .secure)
    return try answers[Question(name: name, type: type)]?.get() ?? absent
  }

  private static func failure(_ state: String) -> LookupFailure? {
    switch state {
    case "bogus": .bogus("signature does not verify")
    case "servfail": .serverFailure("SERVFAIL")
    case "timeout": .timeout
    case "loop": .aliasLoop
    case "cancelled": .cancelled
    default: nil
    }
  }

  private static func record(
    _ type: RecordType, _ words: [String], _ line: String
  ) throws -> Record {
    switch (type, words.count) {
    case (.a, 1): return .a(try IPAddress(parsing: words[0]))
    case (.aaaa, 1): return .aaaa(try IPAddress(parsing: words[0]))
    case (.cname, 1): return .cname(try DomainName(parsing: words[0]))
    case (.mx, 2):
      let host = words[1] == "." ? DomainName.root : try DomainName(parsing: words[1])
      guard let preference = UInt16(words[0]) else { throw Malformed(line: line) }
      return .mx(preference: preference, exchange: host)
    case (.tlsa, 4):
      guard let record = TLSARecord(text: words.joined(separator: " ")) else {
        throw Malformed(line: line)
      }
      return .tlsa(record)
    default: throw Malformed(line: line)
    }
  }
}

extension TLSARecord {
  /// A record as a zone file writes it: `3 1 1 2fdcfc86…`; nil where it is none.
  public init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count == 4, let usage = UInt8(words[0]), let selector = UInt8(words[1]),
      let matchingType = UInt8(words[2])
    else { return nil }
    let digits = Array(words[3].utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var octets: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
      guard let octet = UInt8(pair, radix: 16) else { return nil }
      octets.append(octet)
    }
    self.init(
      usage: usage, selector: selector, matchingType: matchingType, associationData: octets)
  }

  /// The record as a zone file writes it.
  public var zoneText: String {
    let hex = associationData.map { octet in
      (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }
    return "\(usage) \(selector) \(matchingType) \(hex.joined())"
  }
}
