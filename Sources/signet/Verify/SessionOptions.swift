import ArgumentParser
import Authentication
import Mail
import Wire

/// What the SMTP session said: without it SPF cannot be judged.
struct SessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Address of the SMTP client.", valueName: "address"))
  var ip: String?

  @Option(help: ArgumentHelp("What the client said in HELO or EHLO.", valueName: "name"))
  var helo: String?

  @Option(
    help: ArgumentHelp(
      "The reverse-path (MAIL FROM); an empty one is the null path.", valueName: "address"))
  var mailFrom: String?

  init() {}

  init(ip: String?, helo: String?, mailFrom: String?) {
    self.ip = ip
    self.helo = helo
    self.mailFrom = mailFrom
  }

  func validate() throws {
    do throws(SyntaxError) { _ = try envelope() } catch {
      throw ValidationError("--ip \(ip ?? ""): not an IP address")
    }
    if ip == nil, mailFrom != nil || helo != nil {
      throw ValidationError("--helo and --mail-from say nothing without --ip")
    }
  }

  /// - Throws: `SyntaxError` where the client's address cannot be read.
  func envelope() throws(SyntaxError) -> Envelope {
    var envelope = Envelope(
      helo: Array((helo ?? "").utf8), reversePath: mailFrom.map(Self.octets(ofPath:)))
    if let ip { envelope.client = try IPAddress(parsing: ip) }
    return envelope
  }

  /// The reverse-path without its angle brackets; one that breaks the grammar stays as it is, for
  /// SPF to judge.
  private static func octets(ofPath text: String) -> [UInt8] {
    guard text.hasPrefix("<"), text.hasSuffix(">") else { return Array(text.utf8) }
    return Array(text.dropFirst().dropLast().utf8)
  }
}
