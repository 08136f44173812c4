import ArgumentParser
import Foundation

/// A point in time, as `--now` takes it: RFC 3339, or seconds since 1970.
///
///     2026-11-22T10:00:00Z    1795341600
struct Moment: ExpressibleByArgument {
  /// Since 1970.
  let seconds: UInt64

  init(seconds: UInt64) { self.seconds = seconds }

  init?(argument: String) {
    if let seconds = UInt64(argument) {
      self.seconds = seconds
      return
    }
    let formats: [Date.ISO8601FormatStyle] = [
      .init(), .init(includingFractionalSeconds: true),
    ]
    for format in formats {
      if let date = try? format.parse(argument), date.timeIntervalSince1970 >= 0 {
        seconds = UInt64(date.timeIntervalSince1970)
        return
      }
    }
    return nil
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
