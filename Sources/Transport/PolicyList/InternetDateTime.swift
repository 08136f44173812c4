internal import Wire

/// The date-time of RFC 3339 §5.6, as the schema of policy lists narrows it: capital `T` and `Z`,
/// years from 1000, no leap second, offsets up to 19:59.
///
///     2020-05-20T10:25:12.710034-07:00
enum InternetDateTime {
  /// The last second of the year 9999.
  static let lastSecond: Int64 = 253_402_300_799

  /// Seconds since 1970, negative before; a fraction is cut off. Nil where the text is no such
  /// time.
  static func seconds(_ text: String) -> Int64? {
    var cursor = ByteCursor(text)
    guard let year = number(&cursor, 4, 1000...9999), cursor.take(.hyphen),
      let month = number(&cursor, 2, 1...12), cursor.take(.hyphen),
      let day = number(&cursor, 2, 1...days(in: month, of: year)), cursor.take("T"),
      let hour = number(&cursor, 2, 0...23), cursor.take(.colon),
      let minute = number(&cursor, 2, 0...59), cursor.take(.colon),
      let second = number(&cursor, 2, 0...59)
    else { return nil }
    if cursor.take(.dot), cursor.take(while: \.isDigit).isEmpty { return nil }
    guard let offset = offset(&cursor), cursor.isAtEnd else { return nil }
    let time = hour * 3600 + minute * 60 + second
    return daysSince1970(year, month, day) * 86_400 + time - offset
  }

  private static func number(
    _ cursor: inout ByteCursor, _ digits: Int, _ range: ClosedRange<Int64>
  ) -> Int64? {
    guard let text = cursor.take(count: digits), text.allSatisfy(\.isDigit),
      let value = Int64(text.text), range.contains(value)
    else { return nil }
    return value
  }

  private static func offset(_ cursor: inout ByteCursor) -> Int64? {
    if cursor.take("Z") { return 0 }
    let isNegative = cursor.take(.hyphen)
    guard isNegative || cursor.take(UInt8(ascii: "+")),
      let hours = number(&cursor, 2, 0...19), cursor.take(.colon),
      let minutes = number(&cursor, 2, 0...59)
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return isNegative ? -seconds : seconds
  }

  private static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Years are counted from March, so that the day added in February comes last.
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let leapDays = shifted / 4 - shifted / 100 + shifted / 400
    return 365 * shifted + leapDays + dayOfYear - 719_468
  }
}
