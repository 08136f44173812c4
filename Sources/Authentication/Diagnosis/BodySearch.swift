internal import Mail
internal import Wire

/// Looks for the body that was signed: undoes one change, then two, and compares each body with
/// `bh=`. One hash decides each trial, so what is found is proven.
struct BodySearch {
  let digest: [UInt8]
  let kind: BodyHashes.Kind
  /// The boundary that the signer's copy of Content-Type names.
  let signedBoundary: [UInt8]?
  private(set) var work: DiagnosisWork
  /// Bodies that were tried as a whole; no need to try one twice.
  private var seen: Set<[UInt8]> = []

  init(_ signature: MessageSignature, signedBoundary: [UInt8]?, _ work: DiagnosisWork) {
    digest = signature.bodyHash
    kind = signature.bodyHashKind
    self.signedBoundary = signedBoundary
    self.work = work
  }

  /// The message with its signed body, or nil where nothing known leads there.
  mutating func restore(_ received: Restoration) -> Restoration? {
    if let found = tryWhole(received) ?? tryAddition(received) { return found }
    if let found = tryEdits(received, lostDots(received)) { return found }
    var drafts: [Restoration] = []
    for draft in rewrites(of: received) where isNew(draft) {
      if let found = tryWhole(draft) { return found }
      drafts.append(draft)
    }
    for draft in drafts {
      if let found = tryAddition(draft) { return found }
    }
    if let found = tryDeep(received) { return found }
    for draft in drafts {
      for second in rewrites(of: draft) where isNew(second) {
        if let found = tryWhole(second) ?? tryAddition(second) { return found }
        if work.isExhausted { return nil }
      }
    }
    for draft in drafts {
      if let found = tryDeep(draft) { return found }
    }
    return nil
  }

  /// How many times the octets of a body its rewrites have in all, about.
  private static let rewritesAtOnce = 16

  /// Writing a body anew takes time like hashing it, so it counts.
  private mutating func rewrites(of draft: Restoration) -> [Restoration] {
    guard work.mayHash(draft.body.count * Self.rewritesAtOnce) else { return [] }
    return BodyRewrites(draft, signedBoundary).all
  }

  /// Additions that cost more to look for: in encoded parts, and in two parts at once.
  private mutating func tryDeep(_ draft: Restoration) -> Restoration? {
    let groups = EncodedPartEdits(draft).groups
    return tryEdits(draft, groups.flatMap(\.self)) ?? tryTwoAdditions(draft, groups)
  }

  /// Lines of a body at which a lost dot is looked for.
  private static let maximumDotLines = 1_000

  /// A dot before each line in turn.
  private func lostDots(_ draft: Restoration) -> [BodyEdit] {
    let starts = [0] + draft.body.indices.filter { draft.body[$0] == .lineFeed }.map { $0 + 1 }
    let limit = AdditionPlaces.bounded(Self.maximumDotLines, bodyOf: draft.body.count)
    return starts.prefix(limit).filter { $0 < draft.body.count }.map {
      BodyEdit(range: $0..<$0, replacement: [.dot], change: .dotsLost)
    }
  }

  private mutating func isNew(_ draft: Restoration) -> Bool { seen.insert(draft.body).inserted }

  private mutating func tryWhole(_ draft: Restoration) -> Restoration? {
    guard work.mayTryBody(hashing: draft.body.count) else { return nil }
    var trial = BodyTrial(kind)
    trial.feed(draft.body[...])
    return trial.matches(digest) ? draft : nil
  }

  private mutating func tryAddition(_ draft: Restoration) -> Restoration? {
    tryEdits(draft, additions(draft).flatMap(\.self))
  }

  /// What may have been added to each text part.
  private func additions(_ draft: Restoration) -> [[BodyEdit]] {
    let message = MIMEPart(draft.header, body: draft.body)
    return message.leaves.filter(\.isText).prefix(8).map { part in
      AdditionPlaces(
        body: draft.body, range: part.bodyRange,
        isWholeBody: part.bodyRange == message.bodyRange
      ).edits(isHTML: part.contentType.subtype == "html")
    } + (message.parts.isEmpty ? [] : [outside(message, draft.body)])
  }

  /// What may stand behind the closing delimiter, or before the first.
  private func outside(_ message: MIMEPart, _ body: [UInt8]) -> [BodyEdit] {
    AdditionPlaces(body: body, range: 0..<body.count, isWholeBody: true).edits(isHTML: false)
      .compactMap { edit in
        guard let first = message.delimiters.first, let last = message.delimiters.last else {
          return nil
        }
        if edit.range.lowerBound >= last.upperBound { return edit }
        guard edit.range.upperBound <= first.lowerBound + 2 else { return nil }
        var edit = edit
        edit.change = .preambleChanged
        return edit
      }
  }

  /// Tries each edit alone. Of several that agree the smallest is the answer: a larger one took
  /// away lines that do not count.
  private mutating func tryEdits(_ draft: Restoration, _ edits: [BodyEdit]) -> Restoration? {
    var trial = BodyTrial(kind)
    var position = 0
    var best: BodyEdit?
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      let rest = draft.body.count - edit.range.upperBound + edit.replacement.count
      guard work.mayTryBody(hashing: edit.range.lowerBound - position + rest) else { break }
      trial.feed(draft.body[position..<edit.range.lowerBound])
      position = edit.range.lowerBound
      var branch = trial
      branch.feed(edit.replacement[...])
      branch.feed(draft.body[edit.range.upperBound...])
      guard branch.matches(digest) else { continue }
      if best.map({ $0.range.count > edit.range.count }) ?? true { best = edit }
    }
    return best.map { apply([$0], to: draft) }
  }

  /// Tries an addition in one text part together with one in another: programs that put a footer
  /// under the plain text put it under the HTML as well.
  private mutating func tryTwoAdditions(
    _ draft: Restoration, _ encoded: [[BodyEdit]]
  ) -> Restoration? {
    let plain = additions(draft).filter { group in
      group.first.map { $0.change == .footerInserted || $0.change == .bannerInserted } ?? false
    }
    return tryPairs(draft, of: plain) ?? tryPairs(draft, of: encoded)
  }

  private mutating func tryPairs(_ draft: Restoration, of groups: [[BodyEdit]]) -> Restoration? {
    for (index, firsts) in groups.enumerated() {
      for seconds in groups.dropFirst(index + 1) {
        if let found = tryPairs(draft, firsts, seconds) { return found }
        if work.isExhausted { return nil }
      }
    }
    return nil
  }

  private mutating func tryPairs(
    _ draft: Restoration, _ firsts: [BodyEdit], _ seconds: [BodyEdit]
  ) -> Restoration? {
    let seconds = seconds.sorted { $0.range.lowerBound < $1.range.lowerBound }
    var trial = BodyTrial(kind)
    var position = 0
    for first in firsts.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      trial.feed(draft.body[position..<first.range.lowerBound])
      position = first.range.lowerBound
      guard work.mayHash(first.replacement.count) else { return nil }
      var branch = trial
      branch.feed(first.replacement[...])
      var place = first.range.upperBound
      for second in seconds
      where second.range.lowerBound >= place && second.change == first.change {
        let count = draft.body.count - place - second.range.count + second.replacement.count
        guard work.mayTryBody(hashing: count) else { return nil }
        branch.feed(draft.body[place..<second.range.lowerBound])
        place = second.range.lowerBound
        var leaf = branch
        leaf.feed(second.replacement[...])
        leaf.feed(draft.body[second.range.upperBound...])
        if leaf.matches(digest) { return apply([first, second], to: draft) }
      }
    }
    return nil
  }

  private func apply(_ edits: [BodyEdit], to draft: Restoration) -> Restoration {
    var body = draft.body
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      body.replaceSubrange(edit.range, with: edit.replacement)
    }
    return Restoration(
      header: draft.header, body: body,
      findings: draft.findings + edits.map { $0.finding(in: draft) })
  }
}

extension MIMEPart {
  var isText: Bool { contentType.type == "text" }
}

/// Additions to parts in base 64, where text lines do not show, and to parts in quoted-printable
/// that were encoded again.
struct EncodedPartEdits {
  private let draft: Restoration
  init(_ draft: Restoration) { self.draft = draft }

  /// Octets of a part that are decoded and encoded for each trial.
  private static let maximumPart = 64 * 1024
  /// Octets that are encoded for all additions to a part together.
  private static let maximumRewritten = 2 * 1024 * 1024
  /// Ways of writing a part that are tried for each addition.
  private static let maximumEncodings = 2

  /// For each such part.
  var groups: [[BodyEdit]] {
    let message = MIMEPart(draft.header, body: draft.body)
    return message.leaves.prefix(8).filter {
      $0.isText && !$0.transferEncoding.isIdentity && $0.bodyRange.count <= Self.maximumPart
    }.map { edits($0, isWhole: $0.bodyRange == message.bodyRange) }
  }

  private func edits(_ part: MIMEPart, isWhole: Bool) -> [BodyEdit] {
    let encoded = draft.body[part.bodyRange]
    guard let text = part.transferEncoding.decode(encoded) else { return [] }
    let places = AdditionPlaces(body: text, range: 0..<text.count, isWholeBody: false)
    let end = encoded.suffix(2).elementsEqual("\r\n".utf8) ? Array("\r\n".utf8) : []
    var edits: [BodyEdit] = []
    let limit = max(20, Self.maximumRewritten / max(text.count, 1))
    for addition in places.edits(isHTML: part.contentType.subtype == "html").prefix(limit) {
      let kept = text[..<addition.range.lowerBound] + text[addition.range.upperBound...]
      for written in PartEncoder.encodings(
        kept, part.transferEncoding, lineLength: PartEncoder.lineLength(of: encoded)
      ).prefix(Self.maximumEncodings) {
        edits.append(
          BodyEdit(
            range: part.bodyRange, replacement: written + end,
            change: addition.change == .footerInserted && isWhole
              ? .footerAppended
              : addition.change == .bannerInserted && isWhole ? .bannerPrepended : addition.change))
      }
    }
    return edits
  }
}
