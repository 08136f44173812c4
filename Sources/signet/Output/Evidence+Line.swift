import Mail
import Wire

extension Evidence {
  /// One step on one line, long texts cut, control characters escaped.
  var line: String {
    let found = found.isEmpty ? "" : ": \(found.shortened(to: 160))"
    let text = "\(step) · \(subject.shortened(to: 160))\(found) → \(outcome)"
    return "    \(text.escapingControls) [\(cites)]"
  }
}

extension String {
  fileprivate func shortened(to length: Int) -> String {
    count <= length ? self : prefix(length) + "…"
  }
}
