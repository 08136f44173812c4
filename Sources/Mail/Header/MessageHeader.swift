internal import Wire

/// The header section of a message as received: its octets, and where each field stands.
///
/// Reading never fails. What is no field is passed over and told as a defect, since readers
/// differ on it; the fields after it are still fields.
public struct MessageHeader: Sendable {
  /// Every octet up to the empty line, which is not included.
  public let octets: [UInt8]
  /// From the top down.
  public let fields: [HeaderField]
  /// At most `maximumDefects`, in order of their place.
  public let defects: [HeaderDefect]

  private let index: FieldIndex

  /// How many defects are kept.
  public static let maximumDefects = 100

  /// Reads a header section whose lines end in CRLF.
  public init(octets: [UInt8]) {
    var scanner = HeaderScanner(octets)
    scanner.scan()
    self.octets = octets
    fields = scanner.fields
    defects = scanner.defects
    index = FieldIndex(fields)
  }

  /// The places in `fields` of all fields of this name, from the top down. The name is given in
  /// small letters.
  public func indices(of name: String) -> ArraySlice<Int> { index.places(of: name) }

  /// All fields of this name, from the top down. The name is given in small letters.
  public func fields(named name: String) -> [HeaderField] { indices(of: name).map { fields[$0] } }

  /// Whether the first line is the one that mbox files put before a message (RFC 4155), which is no
  /// part of it: `From alice@bank.example Sun Nov 22 10:00:00 2026`.
  public var beginsWithMboxLine: Bool {
    let line = octets.first == UInt8(ascii: ">") ? octets.dropFirst() : octets[...]
    return line.starts(with: "From ".utf8)
  }

  /// Whether there is any field whose name is one (RFC 5322 §3.6.8): a file without is no message.
  public var hasFields: Bool {
    fields.contains { !$0.nameRange.isEmpty && octets[$0.nameRange].allSatisfy(\.isVisible) }
  }

  /// The whole field, its last line end included.
  public func octets(of field: HeaderField) -> ArraySlice<UInt8> { octets[field.range] }

  /// What follows the colon, without the last line end.
  public func value(of field: HeaderField) -> ArraySlice<UInt8> { octets[field.valueRange] }

  /// The value on one line, for people: folds undone (RFC 5322 §2.2.3) and blanks at its ends
  /// removed.
  public func text(of field: HeaderField) -> String {
    value(of: field).filter { $0 != .carriageReturn && $0 != .lineFeed }[...]
      .trimmingFoldingWhitespace.text
  }
}

/// Walks over a header section once, line by line.
private struct HeaderScanner {
  let octets: ArraySlice<UInt8>
  var fields: [HeaderField] = []
  var defects: [HeaderDefect] = []
  /// The field whose lines are being read: where it starts, and its colon.
  private var open: (start: Int, colon: Int)?

  init(_ octets: [UInt8]) { self.octets = octets[...] }

  mutating func scan() {
    var start = 0
    while start < octets.count {
      let end = lineEnd(from: start)
      readLine(start..<end)
      start = end
    }
    closeField(at: octets.count)
  }

  /// One past the CRLF that ends the line, or the end of all.
  private mutating func lineEnd(from start: Int) -> Int {
    var index = start
    while true {
      // CR, LF and NUL; the controls between them are passed over.
      index = octets.firstPlace(from: index) { here, _ in here .<= .all(.carriageReturn) }
      guard index < octets.count else { return index }
      switch octets[index] {
      case .carriageReturn:
        if index + 1 < octets.count, octets[index + 1] == .lineFeed { return index + 2 }
        note(.bareCarriageReturn(offset: index))
      case .lineFeed: note(.bareLineFeed(offset: index))
      case 0: note(.null(offset: index))
      default: break
      }
      index += 1
    }
  }

  private mutating func readLine(_ line: Range<Int>) {
    if octets[line.lowerBound].isWSP {
      if open == nil { note(.leadingFold(offset: line.lowerBound)) }
      return
    }
    closeField(at: line.lowerBound)
    let colon = octets[line].firstPlace(from: line.lowerBound) { here, _ in here .== .all(.colon) }
    guard colon < line.upperBound else {
      return note(.missingColon(offset: line.lowerBound))
    }
    open = (line.lowerBound, colon)
  }

  private mutating func closeField(at end: Int) {
    guard let (start, colon) = open else { return }
    open = nil
    var nameEnd = colon
    while nameEnd > start, octets[nameEnd - 1].isWSP { nameEnd -= 1 }
    let name = octets[start..<nameEnd]
    if name.isEmpty || !name.allSatisfy(\.isVisible) { note(.badFieldName(offset: start)) }
    var valueEnd = end
    if valueEnd - 2 > colon, octets[valueEnd - 1] == .lineFeed,
      octets[valueEnd - 2] == .carriageReturn
    {
      valueEnd -= 2
    }
    fields.append(
      HeaderField(
        name: name.lowercasedASCIIText, range: start..<end, nameRange: start..<nameEnd,
        valueRange: colon + 1..<valueEnd))
  }

  private mutating func note(_ defect: HeaderDefect) {
    if defects.count < MessageHeader.maximumDefects { defects.append(defect) }
  }
}
