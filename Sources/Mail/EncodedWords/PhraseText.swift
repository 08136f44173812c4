import Wire

/// A phrase on its way to the text that people see (RFC 2047 §5 (3), §6.2).
struct PhraseText {
  private var text = ""
  /// Encoded words with only white space between them, of one character set: their octets are
  /// joined, since writers split characters between them though §5 forbids it.
  private var pending: EncodedWord?
  private var isFirst = true

  /// Appends a run of atoms and dots, which may be an encoded word.
  mutating func append(atoms: ArraySlice<UInt8>, isSeparated: Bool) {
    guard let word = EncodedWord(atoms) else {
      append(Array(atoms), isSeparated: isSeparated)
      return
    }
    if let last = pending {
      if last.charset == word.charset {
        pending?.octets += word.octets
        return
      }
      flush()
    } else if isSeparated, !isFirst {
      text += " "
    }
    pending = word
    isFirst = false
  }

  mutating func append(_ octets: [UInt8], isSeparated: Bool) {
    flush()
    if isSeparated, !isFirst { text += " " }
    text += octets.text
    isFirst = false
  }

  mutating func finish() -> String {
    flush()
    return text
  }

  private mutating func flush() {
    if let word = pending { text += word.charset.text(of: word.octets) }
    pending = nil
  }
}
