internal import Wire

/// What readers see that end a line at a bare CR or LF as well (against RFC 5322 §2.3), and those
/// that repair what is no field.
extension MessageHeader {
  /// Whether a line that only some readers would take for a field has this name.
  ///
  ///     X: y\nFrom: ceo@bank.example\r\n
  ///
  /// A sender hides a second author this way. Such a line
  /// - begins after a bare CR or LF; or
  /// - begins with a blank, but continues no field: readers that trim it see a field; or
  /// - has the name only where octets that show nothing are left out (`From\0:`), or a fold
  ///   stands before its colon.
  ///
  /// Folds are none, nor are fields that all readers see. It does not depend on how many defects
  /// are kept. The name is given in small letters.
  public func hidesField(named name: StaticString) -> Bool {
    var index = 0
    for line in LooseLines(octets) {
      while index < fields.count, fields[index].range.upperBound <= line.lowerBound { index += 1 }
      let field = index < fields.count ? fields[index] : nil
      guard let nameRange = looseName(of: line, in: field) else { continue }
      let visible = octets[nameRange].lazy.filter(\.isVisible)
      guard visible.equalsIgnoringCase(name) else { continue }
      let isSeenByAll = nameRange == field?.nameRange && field?.name == "\(name)"
      if !isSeenByAll { return true }
    }
    return false
  }

  /// What stands before the colon, unless the line only continues the field.
  private func looseName(of line: Range<Int>, in field: HeaderField?) -> Range<Int>? {
    if let field, field.range.contains(line.lowerBound) {
      // Whole, though a bare CR or LF may divide it.
      if field.range.lowerBound == line.lowerBound { return field.nameRange }
      if octets[line.lowerBound].isWSP { return nil }
    }
    return looseColon(from: line.lowerBound).map { line.lowerBound..<$0 }
  }

  /// The colon that ends the name which begins here; a fold may cut it off its name. Names that
  /// anybody looks for are short.
  private func looseColon(from start: Int) -> Int? {
    var index = start
    while index < min(octets.count, start + 200), octets[index] != .colon {
      let isLineEnd = octets[index] == .carriageReturn || octets[index] == .lineFeed
      index += 1
      guard isLineEnd, index < octets.count, octets[index] != .lineFeed else { continue }
      guard octets[index].isWSP else { return nil }
    }
    return index < octets.count && octets[index] == .colon ? index : nil
  }

  /// Where readers that end a line at a bare CR or LF find an empty line, and so the end of the
  /// section; nil where there is none.
  ///
  ///     X: y\n\nwhat they show as the body\r\n
  ///
  /// What stands behind it covers up the body that signatures were made for.
  public var earlyEnd: Int? { LooseLines(octets).first(where: \.isEmpty)?.lowerBound }
}

/// The lines of a header section where each CRLF, bare CR and bare LF ends one. Line ends are not
/// part of them; behind the last one nothing begins.
private struct LooseLines: Sequence, IteratorProtocol {
  private let octets: [UInt8]
  private var start = 0

  init(_ octets: [UInt8]) { self.octets = octets }

  mutating func next() -> Range<Int>? {
    guard start < octets.count else { return nil }
    var end = start
    while end < octets.count, octets[end] != .carriageReturn, octets[end] != .lineFeed { end += 1 }
    let line = start..<end
    let isPair =
      end + 1 < octets.count && octets[end] == .carriageReturn && octets[end + 1] == .lineFeed
    start = end + (isPair ? 2 : 1)
    return line
  }
}
