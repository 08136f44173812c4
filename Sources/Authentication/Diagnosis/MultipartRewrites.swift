internal import Mail
internal import Wire

/// Changes of the structure that can be undone: a part added, a multipart wrapped around, a new
/// boundary, another preamble.
struct MultipartRewrites {
  private let draft: Restoration
  private let message: MIMEPart
  private let signedBoundary: [UInt8]?

  init(_ draft: Restoration, _ message: MIMEPart, _ signedBoundary: [UInt8]?) {
    self.draft = draft
    self.message = message
    self.signedBoundary = signedBoundary
  }

  var all: [Restoration] {
    guard !message.parts.isEmpty else { return [] }
    return unwrapped + withoutPart + withSignedBoundary + preambles
  }

  private var unwrapped: [Restoration] {
    let parts = message.parts
    guard parts.count <= 4 else { return [] }
    let others = parts.count == 1 ? "nothing else" : "\(parts.count - 1) other part(s)"
    return parts.enumerated().prefix(2).map { index, part in
      let added = parts.indices.first { $0 != index }.map { draft.body[parts[$0].bodyRange] } ?? []
      let text = added.trimmingFoldingWhitespace.excerpt
      return draft.undoing(
        TransitFinding(
          .wrappedInMultipart, text: text,
          "The message was wrapped in multipart/\(message.contentType.subtype) with \(others)"
            + "\(added.isEmpty ? "" : ": \(text)")."),
        body: Array(draft.body[part.bodyRange]),
        header: draft.header.takingContentFields(of: part.header))
    }
  }

  /// Without one of the last two parts, or the first.
  private var withoutPart: [Restoration] {
    let count = message.parts.count
    guard count >= 2 else { return [] }
    return Set([count - 1, count - 2, 0]).sorted(by: >).compactMap { index in
      guard index < message.delimiters.count else { return nil }
      let start = message.delimiters[index].lowerBound
      let end =
        index + 1 < message.delimiters.count
        ? message.delimiters[index + 1].lowerBound : draft.body.count
      guard end > start else { return nil }
      let text = draft.body[message.parts[index].bodyRange].trimmingFoldingWhitespace.excerpt
      var body = draft.body
      body.removeSubrange(start..<end)
      // The first delimiter may have no line end before it.
      if start == 0, body.starts(with: [.carriageReturn, .lineFeed]) { body.removeFirst(2) }
      let type = message.parts[index].contentType
      return draft.undoing(
        TransitFinding(
          .partAdded, range: draft.receivedRange(start..<end), text: text,
          "A part of its own (\(type.type)/\(type.subtype)) was added: \(text)."), body: body)
    }
  }

  private var withSignedBoundary: [Restoration] {
    guard let signedBoundary, let boundary = message.contentType.boundary,
      boundary != signedBoundary
    else { return [] }
    let mark: [UInt8] = [.hyphen, .hyphen]
    return [
      draft.undoing(
        TransitFinding(
          .boundaryChanged, text: boundary.excerpt,
          "The boundary was \(signedBoundary.excerpt) and became \(boundary.excerpt)."),
        body: draft.body.replacing(mark + boundary, with: mark + signedBoundary))
    ]
  }

  private var preambles: [Restoration] {
    guard let first = message.delimiters.first else { return [] }
    let start = first.lowerBound == 0 && draft.body.first == .hyphen ? 0 : first.lowerBound + 2
    let rest = draft.body[start...]
    let texts = [
      "", "This is a multi-part message in MIME format.\r\n",
      "This is a multi-part message in MIME format.\r\n\r\n",
      "This is a multipart message in MIME format.\r\n\r\n", "\r\n",
      "This is a multi-part message in MIME format...\r\n\r\n",
    ]
    return texts.map { Array($0.utf8) + rest }.filter { $0 != draft.body }.map {
      draft.undoing(
        TransitFinding(
          .preambleChanged, range: draft.receivedRange(0..<start),
          text: draft.body[..<start].excerpt,
          "The text before the first part (the preamble) was changed."), body: $0)
    }
  }
}
