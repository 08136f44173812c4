public import NIOSSL

/// How a mail server of a test answers: honestly, but where it is told otherwise.
public struct SMTPPeerBehaviour: Sendable {
  /// What it does when somebody connects.
  public var greeting: [SMTPPeerStep] = [.send("220 mx.test ESMTP\r\n")]
  /// What it offers in plaintext, besides STARTTLS.
  public var extensions = [
    "PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 1000000", "CHUNKING", "BINARYMIME", "DSN",
    "ENHANCEDSTATUSCODES",
  ]
  /// What it offers over TLS; the same where nil.
  public var extensionsOverTLS: [String]?
  /// Its certificate; without one, STARTTLS is not offered.
  public var tls: TLSConfiguration?
  /// Whether TLS begins with the connection.
  public var hasImplicitTLS = false
  /// Whether it speaks LMTP.
  public var isLMTP = false
  /// What it does instead, by how a command line begins; the longest beginning counts. `.` stands
  /// for the end of a message.
  public var instead: [String: [SMTPPeerStep]] = [:]
  /// The same over TLS, before `instead`.
  public var insteadOverTLS: [String: [SMTPPeerStep]] = [:]

  /// An honest server.
  public init() {}

  /// An honest server with TLS.
  public init(tls: TLSConfiguration) { self.tls = tls }

  /// What to do about a command.
  func steps(for command: String, isEncrypted: Bool, acceptedCount: Int) -> [SMTPPeerStep] {
    if isEncrypted, let steps = Self.find(command, in: insteadOverTLS) { return steps }
    if let steps = Self.find(command, in: instead) { return steps }
    let verb = command.prefix { $0 != " " && $0 != ":" }.uppercased()
    switch verb {
    case "EHLO" where !isLMTP, "LHLO" where isLMTP: return [.send(hello(isEncrypted))]
    case "HELO" where !isLMTP: return [.send("250 mx.test\r\n")]
    case "STARTTLS" where tls != nil && !isEncrypted:
      return [.send("220 2.0.0 go ahead\r\n"), .startTLS]
    case "MAIL": return [.send("250 2.1.0 sender ok\r\n")]
    case "RCPT": return [.send("250 2.1.5 recipient ok\r\n")]
    case "RSET": return [.send("250 2.0.0 forgotten\r\n")]
    case "AUTH": return [.send("235 2.7.0 welcome\r\n")]
    case "QUIT": return [.send("221 2.0.0 bye\r\n"), .close]
    case "DATA":
      guard acceptedCount > 0 else { return [.send("503 5.5.1 no recipients\r\n")] }
      return [.send("354 go ahead\r\n"), .readContent] + ending(acceptedCount)
    case "BDAT": return chunk(command, acceptedCount)
    default: return [.send("500 5.5.1 unknown command\r\n")]
    }
  }

  private static func find(
    _ command: String, in table: [String: [SMTPPeerStep]]
  ) -> [SMTPPeerStep]? {
    let fitting = table.filter { command.uppercased().hasPrefix($0.key.uppercased()) }
    return fitting.max { $0.key.count < $1.key.count }?.value
  }

  private func hello(_ isEncrypted: Bool) -> String {
    var lines = ["mx.test greets you"]
    lines += isEncrypted ? extensionsOverTLS ?? extensions : extensions
    if tls != nil, !isEncrypted { lines.append("STARTTLS") }
    let last = lines.count - 1
    return lines.enumerated().map { "250\($0.offset == last ? " " : "-")\($0.element)\r\n" }
      .joined()
  }

  /// What follows a message: one reply, or one for each recipient.
  private func ending(_ acceptedCount: Int) -> [SMTPPeerStep] {
    if let steps = instead["."] { return steps }
    let reply = SMTPPeerStep.send("250 2.0.0 queued\r\n")
    return Array(repeating: reply, count: isLMTP ? acceptedCount : 1)
  }

  private func chunk(_ command: String, _ acceptedCount: Int) -> [SMTPPeerStep] {
    let words = command.split(separator: " ")
    guard words.count >= 2, let count = Int(words[1]), count >= 0 else {
      return [.send("501 5.5.4 how many?\r\n")]
    }
    let isLast = words.last == "LAST"
    return [.readOctets(count)]
      + (isLast ? ending(acceptedCount) : [.send("250 2.0.0 \(count) octets\r\n")])
  }
}
