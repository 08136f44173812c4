import Foundation
import GnuPG
import Testing

/// Keys made by `gpg` in a home of their own; where gpg or gpgv is absent these are skipped by name.
@Suite("Detached signatures by gpgv", .enabled(if: PGPHome.isPossible), .serialized)
struct PGPVerifierTests {
  static let text = Array("a policy list\n".utf8)

  @Test func aSignatureOfThePinnedKeyIsValid() async throws {
    let home = try PGPHome()
    defer { home.remove() }
    let key = try home.makeKey("one")
    let verifier = try PGPVerifier(keyring: try home.keyring([key]), fingerprint: key)
    let signature = try home.sign(Self.text, by: [key])
    let verdict = try await verifier.verify(Self.text, signature: signature)
    #expect(verdict.result == .valid)
    #expect(verdict.signedAt != nil)

    let changed = try await verifier.verify(Self.text + [0x0A], signature: signature)
    #expect(changed.result == .invalid("the signature does not fit the text"))
    let empty = try await verifier.verify(Self.text, signature: [])
    #expect(empty.result != .valid)
    let junk = try await verifier.verify(Self.text, signature: Array("junk".utf8))
    #expect(junk.result != .valid)
    let long = try await verifier.verify(
      Self.text, signature: Array(repeating: 0x41, count: PGPVerifier.maximumSignatureLength + 1))
    #expect(long.result == .invalid("a signature too long"))
  }

  @Test func onlyThePinnedKeyCounts() async throws {
    let home = try PGPHome()
    defer { home.remove() }
    let (one, two) = (try home.makeKey("one"), try home.makeKey("two"))
    let ring = try home.keyring([one, two])
    let verifier = try PGPVerifier(keyring: ring, fingerprint: one)
    let other = try await verifier.verify(Self.text, signature: try home.sign(Self.text, by: [two]))
    #expect(other.result == .invalid("signed by \(two), not by the pinned key"))
    let both = try await verifier.verify(
      Self.text, signature: try home.sign(Self.text, by: [one, two]))
    #expect(both.result == .invalid("more than one signature"))

    let alone = try PGPVerifier(keyring: try home.keyring([one]), fingerprint: one)
    let unknown = try await alone.verify(Self.text, signature: try home.sign(Self.text, by: [two]))
    #expect(unknown.result != .valid)
  }

  @Test func anExpiredKeyDoesNotCount() async throws {
    let home = try PGPHome()
    defer { home.remove() }
    // Made and used in 2020, for a day.
    let key = try home.makeKey("old", expiry: "1d", at: "20200101T000000")
    let signature = try home.sign(Self.text, by: [key], at: "20200101T010000")
    let verifier = try PGPVerifier(keyring: try home.keyring([key]), fingerprint: key)
    let verdict = try await verifier.verify(Self.text, signature: signature)
    #expect(verdict.result == .invalid("the key has expired"))
  }

  @Test func whatIsMissingIsSaid() async throws {
    let pinned = String(repeating: "0", count: 40)
    let noProgram = try PGPVerifier(keyring: "/x", fingerprint: pinned, program: "/no/gpgv")
    await #expect(throws: PGPVerifierError.noProgram("/no/gpgv")) {
      try await noProgram.verify(Self.text, signature: [])
    }
    let noRing = try PGPVerifier(keyring: "/no/ring", fingerprint: pinned)
    await #expect(throws: PGPVerifierError.noKeyring("/no/ring")) {
      try await noRing.verify(Self.text, signature: [])
    }
    #expect(throws: PGPVerifierError.fingerprint("abc")) {
      try PGPVerifier(keyring: "/x", fingerprint: "abc")
    }
  }

  @Test func aProgramThatDoesNotEndIsEnded() async throws {
    let home = try PGPHome()
    defer { home.remove() }
    let program = home.path + "/slow"
    try "#!/bin/sh\nexec sleep 600\n".write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    let verifier = try PGPVerifier(
      keyring: program, fingerprint: String(repeating: "0", count: 40), program: program,
      deadline: .milliseconds(200))
    await #expect(throws: PGPVerifierError.timedOut(.milliseconds(200))) {
      try await verifier.verify(Self.text, signature: [])
    }
  }
}

/// A home of gpg for one test.
struct PGPHome {
  let path: String

  static var isPossible: Bool {
    ["/usr/bin/gpg", "/usr/bin/gpgv"].allSatisfy(FileManager.default.isExecutableFile)
  }

  init() throws {
    // Short: the agent's socket lies in it.
    path =
      FileManager.default.temporaryDirectory.path + "/signet-pgp-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  func remove() {
    _ = try? run("/usr/bin/gpgconf", ["--homedir", path, "--kill", "gpg-agent"])
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The fingerprint of a new key that signs.
  func makeKey(_ name: String, expiry: String = "never", at moment: String? = nil) throws -> String
  {
    try gpg(
      time(moment) + ["--quick-generate-key", "\(name)@example.com", "ed25519", "sign", expiry])
    let listing = try gpg(["--with-colons", "--list-keys", "\(name)@example.com"])
    let line = listing.split(separator: "\n").first { $0.hasPrefix("fpr:") }
    return try #require(line?.split(separator: ":").last.map(String.init))
  }

  func keyring(_ keys: [String]) throws -> String {
    let file = "\(path)/ring-\(UUID().uuidString.prefix(8)).gpg"
    try gpg(["--output", file, "--export"] + keys)
    return file
  }

  func sign(_ text: [UInt8], by keys: [String], at moment: String? = nil) throws -> [UInt8] {
    let file = "\(path)/text"
    try Data(text).write(to: URL(filePath: file))
    let signers = keys.flatMap { ["--local-user", $0] }
    try gpg(time(moment) + signers + ["--armor", "--output", file + ".asc", "--detach-sign", file])
    return Array(try Data(contentsOf: URL(filePath: file + ".asc")))
  }

  private func time(_ moment: String?) -> [String] {
    moment.map { ["--faked-system-time", "\($0)!"] } ?? []
  }

  @discardableResult
  private func gpg(_ arguments: [String]) throws -> String {
    try run(
      "/usr/bin/gpg",
      ["--homedir", path, "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""]
        + arguments)
  }

  private func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    return String(decoding: text, as: UTF8.self)
  }
}
