/// A mistake in a configuration file, where it stands.
///
///     signet.yaml:7:5: unknown key "selectr"; allowed: domain, key, selector
struct ConfigurationError: Error, Hashable, CustomStringConvertible {
  let file: String
  /// Both count from 1; 0 where the mistake has no place.
  let line: Int
  let column: Int
  let problem: String

  var description: String {
    line == 0 ? "\(file): \(problem)" : "\(file):\(line):\(column): \(problem)"
  }
}
