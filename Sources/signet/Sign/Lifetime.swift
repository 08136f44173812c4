import ArgumentParser

/// How long a signature is good: seconds, or a number with `m`, `h`, `d` or `w`.
///
///     3600    12h    14d
struct Lifetime: ExpressibleByArgument {
  let seconds: UInt64

  static let examples = "3600, 90m, 12h, 14d, 2w"
  private static let units: [Character: UInt64] = [
    "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
  ]

  init?(argument: String) {
    var digits = argument[...]
    var unit: UInt64 = 1
    if let last = argument.last, let known = Self.units[last] {
      digits = argument.dropLast()
      unit = known
    }
    // Ten digits: more years than a signature's field can write.
    guard (1...10).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = UInt64(digits), number > 0
    else { return nil }
    seconds = number * unit
  }
}
