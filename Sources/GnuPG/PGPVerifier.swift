internal import Foundation
internal import Subprocess
#if canImport(System)
  internal import System
#else
  internal import SystemPackage
#endif

/// Checks detached OpenPGP signatures with the system's `gpgv`.
///
/// Not an OpenPGP of our own: the format has three generations of packets, keys and algorithms, and
/// gpgv reads them all, is kept by GnuPG and patched by the system. It is the small one of the
/// family: it makes nothing, has no database of trust, and believes exactly the keys of the keyring
/// that it is given. Here it runs as a process of its own, in a home made for one check, bounded in
/// time and output.
public struct PGPVerifier: Sendable {
  /// Where the program is; by default found in `/usr/bin`.
  public var program: String
  /// A keyring as `gpg --export` writes it, not in ASCII armor.
  public var keyring: String
  /// The fingerprint of the primary key that must have signed: 40 or 64 hexadecimal digits.
  public let fingerprint: String
  /// How long one check may take.
  public var deadline: Duration

  /// The most octets of a signature that are looked at.
  public static let maximumSignatureLength = 65_536

  /// - Throws: `PGPVerifierError.fingerprint`.
  public init(
    keyring: String, fingerprint: String, program: String = "/usr/bin/gpgv",
    deadline: Duration = .seconds(20)
  ) throws(PGPVerifierError) {
    let digits = fingerprint.filter { $0 != " " }
    guard [40, 64].contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit) else {
      throw .fingerprint(fingerprint)
    }
    self.keyring = keyring
    self.fingerprint = digits.uppercased()
    self.program = program
    self.deadline = deadline
  }

  /// Whether `signature`, in ASCII armor or not, is a valid one over `octets`.
  ///
  /// - Throws: `PGPVerifierError` where no check was made. A bad signature is a verdict.
  public func verify(_ octets: [UInt8], signature: [UInt8]) async throws(PGPVerifierError)
    -> PGPVerdict
  {
    guard signature.count <= Self.maximumSignatureLength else {
      return PGPVerdict(result: .invalid("a signature too long"), signedAt: nil, statusLines: [])
    }
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw .noProgram(program)
    }
    guard FileManager.default.isReadableFile(atPath: keyring) else { throw .noKeyring(keyring) }
    do {
      return try await check(octets, signature)
    } catch let error as PGPVerifierError {
      throw error
    } catch { throw .notRun("\(error)") }
  }

  private func check(_ octets: [UInt8], _ signature: [UInt8]) async throws -> PGPVerdict {
    let home = FileManager.default.temporaryDirectory
      .appending(path: "signet-gpgv-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: home, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: home) }
    try Data(octets).write(to: URL(filePath: home + "/signed"))
    try Data(signature).write(to: URL(filePath: home + "/signature"))
    // gpgv takes a keyring without a slash for one in its home.
    let ring = URL(filePath: keyring).path
    let arguments = [
      "--homedir", home, "--keyring", ring, "--status-fd", "1", "--", home + "/signature",
      home + "/signed",
    ]
    let ended = try await bounded { [program] in
      let outcome = try await run(
        .path(FilePath(program)), arguments: Arguments(arguments),
        environment: .custom(["LC_ALL": "C", "GNUPGHOME": home]),
        output: .string(limit: 65_536), error: .discarded)
      return (outcome.standardOutput, outcome.terminationStatus.isSuccess)
    }
    return PGPVerdict(statusOutput: ended.0, exitedWell: ended.1, fingerprint: fingerprint)
  }

  /// Cancelling the task that runs a program ends the program.
  private func bounded(
    _ work: @escaping @Sendable () async throws -> (String, Bool)
  ) async throws -> (String, Bool) {
    try await withThrowingTaskGroup(of: (String, Bool)?.self) { group in
      group.addTask { try await work() }
      group.addTask { [deadline] in
        try await Task.sleep(for: deadline)
        return nil
      }
      defer { group.cancelAll() }
      guard let outcome = try await group.next() ?? nil else {
        throw PGPVerifierError.timedOut(deadline)
      }
      return outcome
    }
  }
}

/// Why a signature could not be checked.
public enum PGPVerifierError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text is no fingerprint.
  case fingerprint(String)
  /// No such program.
  case noProgram(String)
  /// The keyring cannot be read.
  case noKeyring(String)
  /// The program did not end in time.
  case timedOut(Duration)
  /// The program could not be run, or wrote too much.
  case notRun(String)

  public var description: String {
    switch self {
    case .fingerprint(let text): "not a fingerprint of 40 or 64 hexadecimal digits: \(text)"
    case .noProgram(let path): "\(path) is not there: install gpgv (Debian: apt install gpgv)"
    case .noKeyring(let path): "the keyring \(path) cannot be read"
    case .timedOut(let limit): "gpgv did not end in \(limit)"
    case .notRun(let reason): "gpgv could not be run: \(reason)"
    }
  }
}
