import ArgumentParser
import Foundation

/// A point in time, as `--now` takes it: RFC 3339, or seconds since 1970.
///
///     2026-11-22T10:00:00Z    2026-11-22T12:00:00.5+02:00    1795341600
struct Moment: ExpressibleByArgument {
  /// Since 1970.
  let seconds: UInt64

  init(seconds: UInt64) { self.seconds = seconds }

  init?(argument: String) {
    if let seconds = UInt64(argument) {
      self.seconds = seconds
      return
    }
    guard let seconds = Self.seconds(inTimestamp: argument) else { return nil }
    self.seconds = seconds
  }

  /// RFC 3339 §5.6, with a blank for the `T` as it allows. Foundation would take a day that the
  /// month does not have, and what follows the zone.
  private static func seconds(inTimestamp text: String) -> UInt64? {
    let grammar =
      /(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))/
      .asciiOnlyDigits()
    guard let match = try? grammar.wholeMatch(in: text)?.output else { return nil }
    let numbers = [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Int($0) }
    let (hours, minutes) = (match.8.flatMap { Int($0) } ?? 0, match.9.flatMap { Int($0) } ?? 0)
    guard numbers.count == 6, hours < 24, minutes < 60, numbers[5] <= 60 else { return nil }
    // The leap second counts as the second before it (§5.7).
    let components = DateComponents(
      calendar: Calendar(identifier: .gregorian), timeZone: .gmt, year: numbers[0],
      month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
      second: min(numbers[5], 59))
    guard components.isValidDate, let date = components.date else { return nil }
    let offset = (hours * 60 + minutes) * (match.7 == "-" ? -60 : 60)
    return UInt64(exactly: Int(date.timeIntervalSince1970) - offset)
  }

  static var now: Moment { Moment(seconds: UInt64(max(0, Date.now.timeIntervalSince1970))) }
}

/// The clock that signatures are judged by.
struct ClockOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Judge by this time instead of the clock's (2026-11-22T10:00:00Z).", valueName: "time"))
  var now: Moment?

  var moment: Moment { now ?? .now }
}
