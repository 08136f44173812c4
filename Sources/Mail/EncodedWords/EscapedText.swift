extension String {
  /// The text made fit for a terminal or a log: control characters, line separators and every
  /// invisible format character (direction overrides among them) are written as `\u{202E}`.
  ///
  /// Names come from strangers, and RFC 2047 §5 asks that showing one have no side effect.
  package var escapingControls: String {
    guard unicodeScalars.contains(where: \.isInvisible) else { return self }
    var output = ""
    for scalar in unicodeScalars {
      if scalar.isInvisible {
        output += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}

extension Unicode.Scalar {
  /// Whether it shows nothing by itself but may change how its neighbours are shown.
  package var isInvisible: Bool {
    // All of US-ASCII without a look into Unicode's tables, which takes a hundred times as long.
    if isASCII { return value < 0x20 || value == 0x7F }
    return switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }
}
