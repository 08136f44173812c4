package import Authentication
public import Foundation
import Wire

/// A folder with messages and a zone, in which `signet` is run as a user runs it.
///
/// The zone: `example.com` has SPF for 192.0.2.0/24, the DKIM key `s1` and the policy reject;
/// `lists.example` a key `s1` and no policy; `broken.example` an SPF record with a mistake.
public final class CommandScene: Sendable {
  public let folder: URL
  package let key = SigningKey.ed25519()

  /// The time at which the messages are signed, and at which `run` says to judge them.
  public static let now: UInt64 = 1_795_341_600

  /// The executable of this package, beside the tests.
  public static let program: String = {
    if let path = ProcessInfo.processInfo.environment["SIGNET_EXECUTABLE"] { return path }
    let tests = URL(filePath: ProcessInfo.processInfo.arguments[0])
    return tests.deletingLastPathComponent().appending(path: "signet").path
  }()

  /// - Parameter zone: records over those that are there anyway, with absolute names.
  public init(zone: String = "") throws {
    folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "signet-scene-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write("dns.zone", zoneText + zone)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  public var zoneText: String {
    """
    $TTL 300
    example.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
    s1._domainkey.example.com. TXT "\(key.keyRecord)"
    _dmarc.example.com. TXT "v=DMARC1; p=reject"
    s1._domainkey.lists.example. TXT "\(key.keyRecord)"
    broken.example. TXT "v=spf1 ip4:192.0.2.300 -all"

    """
  }

  /// What stands at `s1._domainkey.example.com`.
  public var keyRecord: String { key.keyRecord }

  public func write(_ name: String, _ octets: [UInt8]) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(octets).write(to: file)
  }

  public func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// A message of lines that end in CRLF, without a signature.
  public static func message(
    from: String = "Ann <ann@example.com>", subject: String = "lunch", body: String = "At noon?\n"
  ) -> String {
    let text = """
      From: \(from)
      To: bob@example.net
      Subject: \(subject)
      Date: Sun, 22 Nov 2026 10:00:00 +0000
      Message-ID: <1@example.com>

      \(body)
      """
    return text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
  }

  /// The message with a DKIM signature of `domain` on top.
  package func signed(
    _ message: String = CommandScene.message(), by domain: String = "example.com",
    _ change: (inout DKIMSigner) -> Void = { _ in }
  ) throws -> String {
    let field = try signer(of: domain, change)
      .field(for: Array(message.utf8), now: Self.now)
    return String(decoding: field, as: UTF8.self) + message
  }

  package func signer(
    of domain: String, _ change: (inout DKIMSigner) -> Void = { _ in }
  ) throws -> DKIMSigner {
    var signer = DKIMSigner(
      domain: try DomainName(parsing: domain), selector: try DomainName(parsing: "s1"), key: key)
    change(&signer)
    return signer
  }

  /// Runs `signet` with these arguments as they are.
  public func signet(
    _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:]
  ) async throws -> CommandOutcome {
    var run = CommandRun(Self.program, arguments, in: folder, input: input)
    run.environment = environment
    return try await run.outcome()
  }

  /// Runs `signet verify` on the scene's zone at the scene's time.
  public func verify(_ arguments: String..., input: [UInt8]? = nil) async throws -> CommandOutcome {
    try await verify(arguments, input: input)
  }

  public func verify(_ arguments: [String], input: [UInt8]? = nil) async throws -> CommandOutcome {
    try await signet(["verify"] + Self.fixed + arguments, input: input)
  }

  private static let fixed = [
    "--zone", "dns.zone", "--now", "\(now)", "--authserv-id", "mx.example",
  ]

  /// Runs a script of the shell, in which `$signet` is the executable and `$verify` stands for it
  /// with the scene's zone and time.
  public func shell(
    _ script: String, environment: [String: String] = [:]
  ) async throws -> CommandOutcome {
    var run = CommandRun("/bin/bash", ["-c", script], in: folder)
    run.environment = environment.merging([
      "signet": Self.program,
      "verify": ([Self.program, "verify"] + Self.fixed).joined(separator: " "),
    ]) { $1 }
    return try await run.outcome()
  }
}
