internal import Wire

/// The signer's copies of header fields (`z=`, RFC 6376 §3.5).
///
///     z=From:foo@eng.example.net|To:joe@example.com|Subject:demo=20run
struct CopiedFields {
  struct Copy: Hashable {
    /// In small letters.
    var name: String
    /// As written.
    var writtenName: [UInt8]
    /// What follows the colon.
    var value: [UInt8]
  }

  let copies: [Copy]

  /// Copies looked at.
  static let maximumCopies = 200

  /// - Parameter fieldValue: the value of the field that holds the signature. Without `z=`, or
  ///   where it cannot be read, there are no copies.
  init(_ fieldValue: ArraySlice<UInt8>) {
    guard let tags = try? TagList(parsing: Array(fieldValue)), let tag = tags["z"] else {
      copies = []
      return
    }
    copies = tag.compactValue.split(separator: UInt8(ascii: "|")).prefix(Self.maximumCopies)
      .compactMap { text in
        guard let colon = text.firstIndex(of: .colon),
          let value = DKIMSignature.unquote(text[(colon + 1)...])
        else { return nil }
        return Copy(
          name: text[..<colon].lowercasedASCIIText, writtenName: Array(text[..<colon]),
          value: value)
      }
  }

  /// The copies of fields of this name, in their order.
  func copies(of name: String) -> [Copy] { copies.filter { $0.name == name } }
}
