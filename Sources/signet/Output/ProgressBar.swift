import Foundation

/// A bar on standard error for long runs; nothing where that is no terminal, nor where the answers
/// come on one and so show the progress themselves.
struct ProgressBar {
  private let total: Int?
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private(set) var done = 0

  /// - Parameter total: how many steps there are; nil where nobody knows.
  init(total: Int?) {
    self.total = total
    isShown =
      isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  mutating func advance() {
    done += 1
    // Short runs never show a bar; long ones are drawn five times a second.
    let now = ContinuousClock.now
    guard isShown, now - start > .seconds(1) else { return }
    if let lastDrawn, now - lastDrawn < .milliseconds(200) { return }
    lastDrawn = now
    draw(line)
  }

  /// Removes the bar.
  mutating func finish() {
    if lastDrawn != nil { draw("") }
    lastDrawn = nil
  }

  private var line: String {
    guard let total, total > 0 else { return "\(done) messages" }
    let width = 40
    let filled = min(width, width * done / total)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    return "[\(bar)] \(done)/\(total)"
  }

  private func draw(_ line: String) {
    _ = StandardStream.error.write(Array("\r\u{1B}[K\(line)".utf8)[...])
  }
}
