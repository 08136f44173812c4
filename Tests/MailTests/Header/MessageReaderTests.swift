import Testing
import Wire

@testable import Mail

/// What a message comes to: its header section, then its body in one piece.
private struct Reading: Equatable {
  var header: [UInt8]?
  var body: [UInt8] = []
  /// The order was header first and once, then pieces of body that are not empty.
  var isInOrder = true
  var failure: MessageReader.Failure?

  init(
    _ message: some Collection<UInt8>, _ lineEnds: LineEnds = .crlf, pieceLength: Int = .max,
    limit: Int = 1000
  ) {
    var reader = MessageReader(lineEnds: lineEnds, headerLimit: limit)
    var rest = Array(message)[...]
    do throws(MessageReader.Failure) {
      while !rest.isEmpty {
        let piece = rest.prefix(pieceLength)
        rest = rest.dropFirst(pieceLength)
        take(try reader.read(piece))
      }
      take(reader.finish())
    } catch {
      failure = error
    }
  }

  init(header: String, body: String) {
    self.header = Array(header.utf8)
    self.body = Array(body.utf8)
  }

  private mutating func take(_ events: [MessageReader.Event]) {
    for event in events {
      switch event {
      case .header(let complete):
        isInOrder = isInOrder && header == nil && body.isEmpty
        header = complete.octets
      case .body(let piece):
        isInOrder = isInOrder && header != nil && !piece.isEmpty
        body += piece
      }
    }
  }
}

@Suite("message reader, RFC 5322 §2.1")
struct MessageReaderTests {
  private static let onTheWire: [(message: String, header: String, body: String)] = [
    ("", "", ""),
    ("A: b\r\n\r\nbody\r\n", "A: b\r\n", "body\r\n"),
    ("A: b\r\n\r\n", "A: b\r\n", ""),
    ("A: b\r\n", "A: b\r\n", ""),  // no empty line
    ("A: b", "A: b", ""),  // no line end
    ("A: b\r", "A: b\r", ""),
    ("A: b\r\n\r", "A: b\r\n\r", ""),  // cut off inside the empty line
    ("\r\n", "", ""),
    ("\r\nbody", "", "body"),  // a body alone
    ("\r\n\r\n", "", "\r\n"),
    ("\r", "\r", ""),
    ("\n", "\n", ""),
    ("A: b\r\n \r\n\r\nbody", "A: b\r\n \r\n", "body"),  // a line of blanks is not empty
    ("A: b\r\n\r\n\r\n", "A: b\r\n", "\r\n"),
    ("A: b\r\n\r\nC: d\r\n\r\n", "A: b\r\n", "C: d\r\n\r\n"),
    // A bare CR or LF ends no line, and no section.
    ("A: b\n\nbody\r\n\r\nrest", "A: b\n\nbody\r\n", "rest"),
    ("A: b\nC: d\r\n\r\nrest", "A: b\nC: d\r\n", "rest"),
    ("A: b\r\rbody\r\n\r\nrest", "A: b\r\rbody\r\n", "rest"),
    ("A: b\r\n\nbody\r\n\r\nrest", "A: b\r\n\nbody\r\n", "rest"),
    ("A: b\n\r\n\r\nrest", "A: b\n\r\n", "rest"),
    ("A: b\r\r\n\r\nrest", "A: b\r\r\n", "rest"),
    ("A: b\r\n\r\r\n\r\nrest", "A: b\r\n\r\r\n", "rest"),
    ("A: b\r\n\r\nx\ny\rz\n\r", "A: b\r\n", "x\ny\rz\n\r"),
    (
      "From a@b.example Thu Jan  1 00:00:00 1970\r\nA: b\r\n\r\nc",
      "From a@b.example Thu Jan  1 00:00:00 1970\r\nA: b\r\n", "c"
    ),
  ]

  private static let inAFile: [(message: String, header: String, body: String)] = [
    ("", "", ""),
    ("A: b\n\nbody\n", "A: b\r\n", "body\r\n"),
    ("A: b\n", "A: b\r\n", ""),
    ("A: b", "A: b", ""),
    ("\n", "", ""),
    ("\nbody", "", "body"),
    ("\n\n", "", "\r\n"),
    ("A: b\n c\n\nbody", "A: b\r\n c\r\n", "body"),
    // Lines that end in CRLF stay as they are.
    ("A: b\r\n\r\nbody\r\n", "A: b\r\n", "body\r\n"),
    ("A: b\r\nC: d\n\nbody\r\n", "A: b\r\nC: d\r\n", "body\r\n"),
    ("A: b\n\r\nbody\n", "A: b\r\n", "body\r\n"),
    ("A: b\r\n\nbody\n", "A: b\r\n", "body\r\n"),
    // A bare CR stays one.
    ("A: b\rC: d\n\nbody", "A: b\rC: d\r\n", "body"),
    ("A: b\r\r\n\nx\ry", "A: b\r\r\n", "x\ry"),
    ("A: b\r", "A: b\r", ""),
  ]

  @Test(arguments: onTheWire)
  func splitsWhatIsOnTheWire(message: String, header: String, body: String) {
    #expect(Reading(message.utf8) == Reading(header: header, body: body))
  }

  @Test(arguments: inAFile)
  func splitsWhatIsInAFile(message: String, header: String, body: String) {
    #expect(Reading(message.utf8, .bareLineFeed) == Reading(header: header, body: body))
  }

  @Test(arguments: LineEnds.allCases)
  func doesNotDependOnHowItIsCut(lineEnds: LineEnds) {
    for (message, _, _) in Self.onTheWire + Self.inAFile {
      let whole = Reading(message.utf8, lineEnds)
      #expect(whole.isInOrder)
      for length in 1...max(1, message.utf8.count) {
        #expect(Reading(message.utf8, lineEnds, pieceLength: length) == whole, "\(message)")
      }
    }
  }

  /// Every way to cut one message into three.
  @Test(arguments: LineEnds.allCases)
  func readsEveryThreePieces(lineEnds: LineEnds) throws {
    let message = Array("A: b\r\n c\nD: e\r\n\r\n\r\nx\n\r\ny".utf8)
    let whole = Reading(message, lineEnds)
    for first in 0...message.count {
      for second in first...message.count {
        var reader = MessageReader(lineEnds: lineEnds)
        var events: [MessageReader.Event] = []
        for piece in [message[..<first], message[first..<second], message[second...]] {
          events += try reader.read(piece)
        }
        events += reader.finish()
        var header: [UInt8] = []
        var body: [UInt8] = []
        for event in events {
          switch event {
          case .header(let complete): header = complete.octets
          case .body(let piece): body += piece
          }
        }
        #expect(header == whole.header)
        #expect(body == whole.body)
      }
    }
  }

  @Test func tellsTheHeaderAsSoonAsItIsComplete() throws {
    var reader = MessageReader(lineEnds: .crlf)
    #expect(try reader.read(Array("A: b\r\n\r".utf8)[...]).isEmpty)
    guard case .header(let header)? = try reader.read([0x0A]).first else {
      Issue.record("no header")
      return
    }
    #expect(header.fields.map(\.name) == ["a"])
    #expect(try reader.read([]).isEmpty)
    #expect(reader.finish().isEmpty)
  }

  @Test func splitsAMessageThatIsAllThere() throws {
    let (header, body) = try MessageReader.split(Array("A: b\r\n\r\nc".utf8))
    #expect(header.fields.map(\.name) == ["a"])
    #expect(body.text == "c")
    #expect(try MessageReader.split([]).header.octets == [])
    #expect(try MessageReader.split(Array("A: b".utf8)).body == [])
  }
}

@Suite("bounds of the message reader")
struct MessageReaderBoundsTests {
  @Test(arguments: [(10, false), (11, true)])
  func boundsTheLines(count: Int, isRefused: Bool) {
    let section = Array(repeatElement(Array(":\r\n".utf8), count: count).joined())
    var reader = MessageReader(lineEnds: .crlf, lineLimit: 10)
    do throws(MessageReader.Failure) {
      _ = try reader.read(section[...])
      #expect(!isRefused)
    } catch {
      #expect(isRefused && error == .tooManyHeaderLines(limit: 10))
    }
  }

  /// A section of exactly the limit is read and one octet more is not, however it is cut; the empty
  /// line does not count.
  @Test(arguments: [
    "A: bcd\r\n\r\nbody", "A: bcd\r\n\r\n", "A: bcd\r\n", "A: bcdef", "A: bcd\r\n\r",
  ])
  func isTheLimit(message: String) {
    let octets = Array(message.utf8)
    for length in 1...octets.count {
      #expect(Reading(octets, pieceLength: length, limit: 8).failure == nil, "\(length)")
      #expect(
        Reading(octets, pieceLength: length, limit: 7).failure == .headerTooLong(limit: 7),
        "\(length)")
    }
  }

  @Test(arguments: ["A: bcd\n\nbody", "A: bcd\n"])
  func isTheLimitInAFile(message: String) {
    let octets = Array(message.utf8)
    for length in 1...octets.count {
      #expect(Reading(octets, .bareLineFeed, pieceLength: length, limit: 8).failure == nil)
      #expect(
        Reading(octets, .bareLineFeed, pieceLength: length, limit: 7).failure
          == .headerTooLong(limit: 7))
    }
  }

  @Test func doesNotHoldTheBody() throws {
    let message = Array("A: b\r\n\r\n".utf8) + Array(repeating: 0x78, count: 1 << 20)
    let (header, body) = try MessageReader.split(message)
    #expect(body.count == 1 << 20)
    #expect(header.octets.capacity < 1 << 12)
  }

  /// A long header that trickles in: each octet is looked at once.
  @Test(.timeLimit(.minutes(2)), arguments: ["X: y\r\n", "x", "\r", "\n", "\r\n "])
  func isLinear(pattern: String) throws {
    let section = Array(
      ("X: y" + String(repeating: pattern, count: (1 << 18) / pattern.utf8.count)).utf8)
    var reader = MessageReader(lineEnds: .crlf)
    for start in stride(from: 0, to: section.count, by: 61) {
      let piece = section[start..<min(start + 61, section.count)]
      guard try reader.read(piece).isEmpty else {
        Issue.record("the header is not complete")
        return
      }
    }
    guard case .header(let header)? = reader.finish().first else {
      Issue.record("no header")
      return
    }
    #expect(header.octets == section)
  }
}
