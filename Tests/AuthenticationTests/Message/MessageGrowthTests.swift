import Authentication
import MailTesting
import Testing
import Wire

/// Whatever a message is made of, twice as much takes twice as long. The largest of the three
/// sizes is: a field of 10 MiB, 100,000 fields, 10,000 names in `h=`, 10,000 signatures,
/// Authentication-Results of 1 MiB.
@Suite("time grows with the message and not faster")
struct MessageGrowthTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Where the doubling starts.
    let size: Int
    let letter: @Sendable (Int) throws -> Letter

    init(_ name: String, from size: Int, _ letter: @escaping @Sendable (Int) throws -> Letter) {
      testDescription = name
      self.size = size
      self.letter = letter
    }
  }

  private static let domain = SignedDomain("example.com")

  private static func signed(_ letter: Letter, fields: [String]) throws -> Letter {
    try domain.sign(letter) { $0.signedFields = fields }
  }

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  private static let shapes = [
    Shape("a field of so many folds, signed", from: 140_000) { count in
      let field = "X-Long: a" + repeated("\r\n  a line of words", count)
      return try signed(.ordinary().prepending(field), fields: ["From", "X-Long"])
    },
    Shape("so many fields of one name, signed", from: 25_000) { count in
      var letter = Letter.ordinary()
      letter.fields += (0..<count).map { Array("X: \($0)".utf8) }
      return try signed(letter, fields: ["From"] + [String](repeating: "X", count: count))
    },
    Shape("so many fields, each of its own name", from: 25_000) { count in
      var letter = Letter.ordinary()
      letter.fields += (0..<count).map { Array("X-\($0): y".utf8) }
      return try signed(letter, fields: ["From"])
    },
    Shape("so many names in h=", from: 2_500) { count in
      try signed(.ordinary(), fields: ["From"] + (0..<count).map { "None-\($0)" })
    },
    Shape("so many signatures", from: 2_500) { count in
      let domains = (0..<count).map {
        "DKIM-Signature: v=1; a=rsa-sha256; d=d\($0).example; s=s; h=from; bh=QUJD; b=QUJD"
      }
      var letter = Letter.ordinary()
      letter.fields = domains.map { Array($0.utf8) } + letter.fields
      return letter
    },
    Shape("so many ARC fields", from: 5_000) { count in
      let sets = (0..<count).flatMap {
        ["ARC-Seal: i=\($0 % 50 + 1); cv=none", "ARC-Authentication-Results: i=1; x; none"]
      }
      var letter = Letter.ordinary()
      letter.fields = sets.map { Array($0.utf8) } + letter.fields
      return letter
    },
    Shape("From with so many addresses", from: 2_500) { count in
      Letter("From: " + [String](repeating: "a@example.com", count: count).joined(separator: ", "))
    },
    Shape("a body of so many lines", from: 20_000) { count in
      try signed(
        .ordinary(body: repeated("words \t words\r\n\r\n \r\n", count)), fields: ["From"])
    },
  ]

  @Test(arguments: shapes)
  func ofMessages(shape: Shape) async throws {
    let scene = MessageScene(Self.domain.zone, ["_dmarc.example.com": ["v=DMARC1; p=reject"]])
    let growth = try await WorkGrowth(from: shape.size, below: 3) { size in
      let octets = try shape.letter(size).octets
      return { _ = try await scene.authenticate(octets) }
    }
    #expect(growth.factor < 3, "\(growth.seconds)")
    // What takes no time shows nothing.
    #expect(growth.seconds[0] > 0.000_5, "\(growth.seconds)")
  }

  /// Authentication-Results, as read by the grammar, as read in use, and as looked through for
  /// forgeries.
  @Test(arguments: [
    "; dkim=pass header.d=example.com", " (a (b) c)", "; x=y reason=\"a\\\"b\"", "\r\n  ;",
  ])
  func ofResults(part: String) async throws {
    let growth = try await WorkGrowth(from: 8_000, below: 3) { size in
      let value = Array(("mx.example.org" + String(repeating: part, count: size)).utf8)
      return {
        _ = try? AuthenticationResults(parsing: value)
        _ = AuthenticationResults.indicesToRemove(
          in: [(name: "Authentication-Results", value: value)], authservID: "mx.example.com")
      }
    }
    #expect(growth.factor < 3, "\(growth.seconds)")
    #expect(growth.seconds[0] > 0.000_2, "\(growth.seconds)")
  }
}

@Suite("how growth is measured")
struct WorkGrowthTests {
  private static func busy(_ count: Int) {
    var sum: UInt64 = 1
    for step in 0..<count { sum = sum &* 31 &+ UInt64(step) }
    #expect(sum != 0)
  }

  /// The measure tells what it is for: quadratic work is found, linear work is not.
  @Test func tellsOrders() async throws {
    let linear = try await WorkGrowth(from: 20_000, below: 3) { size in { Self.busy(size) } }
    #expect(linear.factor < 3, "\(linear.seconds)")
    let quadratic = try await WorkGrowth(from: 150, below: 3, tries: 4) { size in
      { Self.busy(size * size) }
    }
    #expect(quadratic.factor > 3, "\(quadratic.seconds)")
  }

  @Test func passesErrorsOn() async {
    struct Broken: Error {}
    await #expect(throws: Broken.self) {
      _ = try await WorkGrowth(from: 1, below: 3) { _ in { throw Broken() } }
    }
  }
}
