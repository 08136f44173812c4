package import Wire

/// What a reply means in the words of delivery status notifications (RFC 3463 §2, RFC 2034 §4).
///
///     5.7.30
///
/// Numbers have at most three digits and no leading zeros.
public struct EnhancedStatusCode: Hashable, Sendable {
  /// 2 for success, 4 for a transient and 5 for a permanent failure.
  public let statusClass: UInt16
  /// What it is about: 1 addressing, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content,
  /// 7 security.
  public let subject: UInt16
  /// What about it.
  public let detail: UInt16

  package init(_ statusClass: UInt16, _ subject: UInt16, _ detail: UInt16) {
    self.statusClass = statusClass
    self.subject = subject
    self.detail = detail
  }

  /// Reads a code at the cursor and the blank or end behind it; leaves the cursor where it was, and
  /// answers nil, if there is none.
  package init?(at cursor: inout ByteCursor) {
    let start = cursor.offset
    guard let statusClass = Self.takeNumber(&cursor), [2, 4, 5].contains(statusClass),
      cursor.take(.dot), let subject = Self.takeNumber(&cursor),
      cursor.take(.dot), let detail = Self.takeNumber(&cursor),
      cursor.isAtEnd || cursor.take(.blank)
    else {
      cursor.rewind(to: start)
      return nil
    }
    self.init(statusClass, subject, detail)
  }

  private static func takeNumber(_ cursor: inout ByteCursor) -> UInt16? {
    let digits = cursor.take(while: \.isDigit)
    guard (1...3).contains(digits.count), digits.count == 1 || digits.first != 0x30 else {
      return nil
    }
    return digits.reduce(0) { $0 &* 10 &+ UInt16($1 &- 0x30) }
  }
}

extension EnhancedStatusCode: CustomStringConvertible {
  public var description: String { "\(statusClass).\(subject).\(detail)" }
}
