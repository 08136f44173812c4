internal import Wire

/// Makes replies of octets as they arrive (RFC 5321 §4.2).
///
/// Each octet is looked at once; what is kept is bounded by `ReplyLimits` and by the octets handed
/// over in one go. The second digit of a code may be any, which is wider than the grammar: clients
/// must cope with codes they do not know.
public struct ReplyParser: Sendable {
  private let limits: ReplyLimits
  /// Octets not yet looked at are those from `place` on.
  private var unread: [UInt8] = []
  private var place = 0
  private var line: [UInt8] = []
  private var endsInCarriageReturn = false
  private var code: UInt16?
  private var lines: [[UInt8]] = []
  private var octets = 0

  /// A parser at the start of a session.
  public init(limits: ReplyLimits = ReplyLimits()) { self.limits = limits }

  /// Whether there are octets that no reply given out has used: a reply begun, or one behind it.
  public var holdsOctets: Bool { place < unread.count || octets > 0 }

  /// Adds what arrived.
  public mutating func append(_ arrived: [UInt8]) {
    if place == unread.count {
      unread = arrived
    } else {
      unread.removeFirst(place)
      unread += arrived
    }
    place = 0
  }

  /// The next complete reply, or nil until more octets come.
  ///
  /// - Throws: `ReplyFault`; nothing sensible can follow.
  public mutating func next() throws(ReplyFault) -> SMTPReply? {
    while place < unread.count {
      let octet = unread[place]
      place += 1
      octets += 1
      guard octets <= limits.octets else { throw .tooLong }
      if let reply = try take(octet) { return reply }
    }
    return nil
  }

  private mutating func take(_ octet: UInt8) throws(ReplyFault) -> SMTPReply? {
    if endsInCarriageReturn {
      guard octet == .lineFeed else { throw .bareCarriageReturn }
      endsInCarriageReturn = false
      return try endLine()
    }
    switch octet {
    case .carriageReturn: endsInCarriageReturn = true
    case .lineFeed: throw .bareLineFeed
    case 0: throw .nul
    default: line.append(octet)
    }
    // The CRLF counts: of a CR that was read, the LF is still to come.
    guard line.count + 2 <= limits.lineOctets else { throw .lineTooLong }
    try checkStart()
    return nil
  }

  /// A line that cannot be a reply is refused at its first octets: nobody waits for its end.
  private func checkStart() throws(ReplyFault) {
    switch line.count {
    case 1: guard (0x32...0x35).contains(line[0]) else { throw .badCode }
    case 2, 3: guard line[line.count - 1].isDigit else { throw .badCode }
    case 4: guard line[3] == .blank || line[3] == .hyphen else { throw .badSeparator }
    default: break
    }
  }

  private mutating func endLine() throws(ReplyFault) -> SMTPReply? {
    // §4.2: a code alone is taken too.
    guard line.count >= 3 else { throw .badCode }
    let digits = line[..<3].reduce(0) { $0 * 10 + UInt16($1 &- 0x30) }
    guard code == nil || code == digits else { throw .codeChanged }
    guard lines.count < limits.lines else { throw .tooManyLines }
    code = digits
    lines.append(Array(line.dropFirst(4)))
    let isLast = line.count < 4 || line[3] == .blank
    line.removeAll(keepingCapacity: true)
    guard isLast else { return nil }
    let reply = SMTPReply(code: digits, lines: lines)
    code = nil
    lines = []
    octets = 0
    guard let reply else { throw .badCode }
    return reply
  }
}
