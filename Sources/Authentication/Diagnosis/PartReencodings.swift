internal import Mail
internal import Wire

/// The bodies that a part may have had in another transfer encoding: relays encode 8-bit text for
/// servers that lack 8BITMIME (RFC 6152), and list and mail servers write messages anew.
struct PartReencodings {
  private let draft: Restoration
  private let message: MIMEPart

  init(_ draft: Restoration, _ message: MIMEPart) {
    self.draft = draft
    self.message = message
  }

  /// Octets of a part that is still encoded in another way.
  private static let maximumPart = 256 * 1024

  var all: [Restoration] {
    let leaves = message.leaves.prefix(6).filter {
      $0.isText && $0.bodyRange.count <= Self.maximumPart
    }
    var drafts = leaves.flatMap { leaf in
      TransferEncoding.targets(from: leaf.transferEncoding).flatMap { rewritten([leaf], to: $0) }
    }
    if leaves.count > 1 {
      let encodings = Set(leaves.map(\.transferEncoding))
      for target in [TransferEncoding.eightBit, .quotedPrintable, .base64]
      where encodings != [target] || target == .quotedPrintable {
        let others = leaves.filter { $0.transferEncoding != target }
        drafts += rewritten(others.isEmpty ? Array(leaves) : others, to: target)
      }
    }
    return drafts
  }

  /// The messages in which these parts are written in another encoding, all in the same way.
  private func rewritten(_ parts: [MIMEPart], to target: TransferEncoding) -> [Restoration] {
    let ways = parts.map { replacements(for: $0, target) }
    guard let count = ways.map(\.count).max(), !ways.contains(where: \.isEmpty) else { return [] }
    return (0..<count).compactMap { way in
      var body = draft.body
      var header = draft.header
      for (part, ways) in zip(parts, ways).reversed() {
        let replacement = ways[min(way, ways.count - 1)]
        let start =
          part.headerRange.isEmpty ? part.bodyRange.lowerBound : part.headerRange.lowerBound
        body.replaceSubrange(start..<part.bodyRange.upperBound, with: replacement.octets)
        if let field = replacement.field { header = header.settingTransferEncoding(field) }
      }
      guard body != draft.body else { return nil }
      let from = parts.first?.transferEncoding ?? .sevenBit
      let what = parts.count == 1 ? "A part was" : "\(parts.count) parts were"
      let how =
        from == target
        ? "written anew in \(target.rawValue)"
        : "re-encoded from \(target.rawValue) to \(from.rawValue)"
      return draft.undoing(
        TransitFinding(.partReencoded, "\(what) \(how)."), body: body, header: header)
    }
  }

  private struct Replacement {
    var octets: [UInt8]
    /// For the message itself: the value of its Content-Transfer-Encoding field; empty for none.
    var field: String?
  }

  private func replacements(for part: MIMEPart, _ target: TransferEncoding) -> [Replacement] {
    let encoded = draft.body[part.bodyRange]
    guard let text = part.transferEncoding.decode(encoded) else { return [] }
    let end: [UInt8] = [.carriageReturn, .lineFeed]
    var contents: [[UInt8]] = []
    for content in PartEncoder.encodings(text[...], target) {
      contents.append(content)
      // Whether the last line end belongs to the part or to the delimiter differs.
      if !isWhole(part) {
        contents.append(
          content.suffix(2).elementsEqual(end) ? Array(content.dropLast(2)) : content + end)
      }
    }
    let isASCII = !text.contains(where: \.isNonASCII)
    let identities = isASCII ? ["7bit", "", "8bit"] : ["8bit", ""]
    let fields = target == .eightBit ? identities : [target.rawValue]
    return fields.flatMap { field in
      contents.map { content in
        guard !isWhole(part), !part.headerRange.isEmpty else {
          return Replacement(octets: content, field: isWhole(part) ? field : nil)
        }
        let header = part.header.settingTransferEncoding(field)
        return Replacement(octets: header.octets + end + content)
      }
    }
  }

  private func isWhole(_ part: MIMEPart) -> Bool { part.bodyRange == message.bodyRange }
}

extension TransferEncoding {
  /// What a part may have been written in before; its own encoding too, in another style.
  fileprivate static func targets(from encoding: TransferEncoding) -> [TransferEncoding] {
    switch encoding {
    case .quotedPrintable: [.eightBit, .base64, .quotedPrintable]
    case .base64: [.eightBit, .quotedPrintable, .base64]
    case .sevenBit, .eightBit, .binary: [.quotedPrintable, .base64]
    }
  }
}

extension MessageHeader {
  /// With this transfer encoding, or without the field where the value is empty.
  fileprivate func settingTransferEncoding(_ value: String) -> MessageHeader {
    replacing("content-transfer-encoding", with: value.isEmpty ? nil : value)
  }
}
