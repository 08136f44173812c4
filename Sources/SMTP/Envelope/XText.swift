internal import Wire

/// The encodings of parameter values that may hold any character.
enum XText {
  /// `xtext` (RFC 3461 §4): what is not printable US-ASCII, `+` and `=` become `+HH`.
  static func encode(_ text: String) -> String {
    text.utf8.reduce(into: "") { encoded, octet in
      if octet.isVisible, octet != 0x2B, octet != .equals {
        encoded.unicodeScalars.append(Unicode.Scalar(octet))
      } else {
        encoded += "+" + hex(UInt32(octet), digits: 2)
      }
    }
  }

  /// `utf-8-addr-xtext` (RFC 6533 §3): the same characters, and the backslash, become `\x{H}`.
  static func encodeUnicode(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { encoded, scalar in
      if let octet = UInt8(exactly: scalar.value), octet.isVisible,
        octet != 0x2B, octet != .equals, octet != .backslash
      {
        encoded.unicodeScalars.append(scalar)
      } else {
        encoded += "\\x{\(hex(scalar.value, digits: 2))}"
      }
    }
  }

  private static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
