internal import Wire

/// A message for a test, as octets with CRLF line ends.
///
///     Letter("From: joe@example.com", "Subject: dinner", body: "Hi.\r\n")
public struct Letter: Sendable {
  /// Whole fields without their last CRLF, from the top down. Nothing is checked: a test may write
  /// what no mail program would.
  public var fields: [[UInt8]]
  /// What follows the empty line.
  public var body: [UInt8]

  public init(_ fields: String..., body: String = "Hi.\r\n") {
    self.fields = fields.map { Array($0.utf8) }
    self.body = Array(body.utf8)
  }

  /// The fields of an ordinary message, each once.
  public static func ordinary(
    from author: String = "Joe <joe@example.com>", body: String = "Hi.\r\n\r\nAre you hungry?\r\n"
  ) -> Letter {
    Letter(
      "From: \(author)", "To: Suzie <suzie@example.net>", "Subject: Is dinner ready?",
      "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)", "Message-ID: <1@football.example.com>",
      "Content-Type: text/plain; charset=us-ascii", body: body)
  }

  /// The header section without the empty line.
  public var header: [UInt8] { fields.flatMap { $0 + [.carriageReturn, .lineFeed] } }

  public var octets: [UInt8] { header + [.carriageReturn, .lineFeed] + body }

  /// The same message with fields above all others.
  public func prepending(_ fields: String...) -> Letter {
    var letter = self
    letter.fields = fields.map { Array($0.utf8) } + letter.fields
    return letter
  }

  /// The same message with fields below all others.
  public func appending(_ fields: String...) -> Letter {
    var letter = self
    letter.fields += fields.map { Array($0.utf8) }
    return letter
  }

  /// The same message with another body.
  public func with(body: String) -> Letter {
    var letter = self
    letter.body = Array(body.utf8)
    return letter
  }
}
