import Authentication
import Foundation
import MailTesting
import Testing

@Suite("private keys in PEM, RFC 8017, RFC 5958, RFC 8410")
struct SigningKeyTests {
  private static let hasOpenSSL = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

  /// What `openssl` prints for these arguments.
  private static func openssl(_ command: String) async throws -> String {
    let outcome = try await CommandRun(
      "/usr/bin/openssl", command.split(separator: " ").map(String.init),
      in: FileManager.default.temporaryDirectory
    ).outcome()
    #expect(outcome.status == 0, "openssl \(command)")
    return outcome.text
  }

  @Test(
    .enabled(if: hasOpenSSL),
    arguments: [
      ("genrsa -traditional 1024", 1024, DKIMAlgorithm.rsaSHA256),  // PKCS#1
      ("genrsa -traditional 2048", 2048, .rsaSHA256),
      ("genrsa 2048", 2048, .rsaSHA256),  // PKCS#8
      ("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072", 3072, .rsaSHA256),
      ("genpkey -algorithm ed25519", 256, .ed25519SHA256),
    ])
  func readsWhatOpenSSLWrites(
    command: String, bits: Int, algorithm: DKIMAlgorithm
  ) async throws {
    let pem = try await Self.openssl(command)
    let key = try SigningKey(pem: pem)
    #expect(key.bits == bits)
    #expect(key.algorithm == algorithm)
    #expect(key.isWeak == (bits == 1024))
    // The public key is what openssl takes from the same file.
    let published = String(key.keyRecord.split(separator: "p=").last ?? "")
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(pem.utf8).write(to: directory)
    defer { try? FileManager.default.removeItem(at: directory) }
    let expected = try await Self.openssl("pkey -pubout -in \(directory.path)")
      .split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    #expect(expected.hasSuffix(published) || expected == published || algorithm == .ed25519SHA256)
    if algorithm == .ed25519SHA256 {
      let der = try #require(Data(base64Encoded: expected))
      #expect(der.suffix(32).base64EncodedString() == published)
    }
    // A weak key signs, with a warning.
    let template = try SigningScene.template(key)
    let notes = try SigningScene.sign(SigningScene.letter, [template]).notes
    let name = try #require(template.keyName)
    #expect(notes == (bits == 1024 ? [.weakKey(name: name, bits: 1024)] : []))
    // And what we write is read again, by us and by openssl.
    #expect(try SigningKey(pem: key.pem).keyRecord == key.keyRecord)
    try Data(key.pem.utf8).write(to: directory)
    #expect(
      try await Self.openssl("pkey -pubout -in \(directory.path)")
        .split(separator: "\n").filter { !$0.hasPrefix("-") }.joined() == expected)
  }

  /// RFC 8410 §10.3: with and without the public key.
  @Test(arguments: [
    """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    -----END PRIVATE KEY-----
    """,
    """
    A remark before it.
    -----BEGIN PRIVATE KEY-----
    MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
    Z9w7lshQhqowtrbLDFw4rXAxZuE=
    -----END PRIVATE KEY-----
    """,
  ])
  func readsTheExamples(pem: String) throws {
    let key = try SigningKey(pem: pem)
    #expect(key.keyRecord == "v=DKIM1; k=ed25519; p=Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")
  }

  @Test(arguments: [
    ("", SigningKeyError.notPEM("no -----BEGIN in it")),
    ("-----BEGIN PRIVATE KEY-----\nMC4=\n", .notPEM("damaged")),
    ("-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----", .broken),
    ("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----", .notPEM("damaged")),
    ("-----BEGIN RSA PRIVATE KEY-----\nMC4=\n-----END RSA PRIVATE KEY-----", .broken),
    (
      "-----BEGIN PUBLIC KEY-----\nMC4=\n-----END PUBLIC KEY-----",
      .notPrivateKey(label: "PUBLIC KEY")
    ),
    ("-----BEGIN EC PRIVATE KEY-----\nMC4=\n-----END EC PRIVATE KEY-----", .unknownAlgorithm),
    (
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4=\n-----END ENCRYPTED PRIVATE KEY-----",
      .encrypted
    ),
    ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", .encrypted),
    (
      "-----BEGIN A-----\nMC4=\n-----END A-----\n-----BEGIN B-----\nMC4=\n-----END B-----",
      .notPEM("it holds 2 documents, not one")
    ),
    // RFC 8410's key for X25519 would be 1.3.101.110.
    (
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----",
      .unknownAlgorithm
    ),
  ])
  func refuses(pem: String, error: SigningKeyError) {
    #expect(throws: error) { try SigningKey(pem: pem) }
  }

  @Test(.enabled(if: hasOpenSSL), arguments: [512, 1016, 4104])
  func refusesSizes(bits: Int) async throws {
    let pem = try await Self.openssl("genrsa -traditional \(bits)")
    #expect(throws: SigningKeyError.size(bits: bits)) { try SigningKey(pem: pem) }
  }

  @Test(arguments: [0, -1, 1024, 2047, 4104, 1 << 40])
  func makesNoSuchKey(bits: Int) {
    #expect(throws: SigningKeyError.size(bits: bits)) { try SigningKey.rsa(bits: bits) }
  }

  @Test func showsNoSecret() throws {
    let key = SigningKey.ed25519()
    #expect("\(key)" == "ed25519 key of 256 bits")
    #expect(String(reflecting: key) == "ed25519 key of 256 bits")
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!dumped.contains("32 bytes") && dumped.count < 60)
  }
}
