import Crypto
import CryptoExtras
import Foundation
import MailTesting
import Testing
import Wire

@testable import Authentication

/// The few rules of DER that a public key needs, to build good and bad ones.
private enum DER {
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    if content.count < 128 {
      length = [UInt8(content.count)]
    } else {
      let octets = withUnsafeBytes(of: UInt32(content.count).bigEndian) { Array($0) }
      let significant = Array(octets.drop { $0 == 0 })
      length = [0x80 | UInt8(significant.count)] + significant
    }
    return [tag] + length + content
  }

  static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, Array(parts.joined())) }

  /// A number from its octets; a zero goes before a high bit.
  static func integer(_ octets: [UInt8]) -> [UInt8] {
    element(0x02, (octets.first ?? 0) >= 0x80 ? [0] + octets : octets)
  }

  static let rsaEncryption: [UInt8] =
    element(0x06, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01])
  static let null: [UInt8] = [0x05, 0x00]

  static func pkcs1(_ modulus: [UInt8], _ exponent: [UInt8] = [1, 0, 1]) -> [UInt8] {
    sequence(integer(modulus), integer(exponent))
  }

  static func spki(
    _ key: [UInt8], algorithm: [UInt8] = rsaEncryption, parameters: [UInt8] = null,
    unusedBits: UInt8 = 0
  ) -> [UInt8] {
    sequence(sequence(algorithm, parameters), element(0x03, [unusedBits] + key))
  }
}

@Suite("RSA keys, RFC 6376 §3.6.1, RFC 8301 §3.2, RFC 8017 A.1.1")
struct DKIMPublicKeyTests {
  /// An odd modulus of so many bits, of no secret.
  private static func modulus(bits: Int) -> [UInt8] {
    var octets = [UInt8](repeating: 0xA5, count: (bits + 7) / 8)
    octets[0] = 1 << UInt8((bits - 1) % 8)
    octets[octets.count - 1] = 0xA7
    return octets
  }

  private static func usable(_ der: [UInt8]) -> Result<DKIMPublicKey, DKIMFailure> {
    do throws(DKIMFailure) {
      let key = try parse("v=DKIM1; k=rsa; p=\(Base64.encode(der))")
      return .success(try key.publicKey(for: .rsaSHA256))
    } catch {
      return .failure(error)
    }
  }

  private static func parse(_ text: String) throws(DKIMFailure) -> DKIMKey {
    do { return try DKIMKey(parsing: Array(text.utf8)) } catch { throw .keySyntax(error) }
  }

  /// Both sides of both bounds, in both forms.
  private static let bounds: [(Int, DKIMFailure?)] = [
    (512, .keyTooSmall(bits: 512)), (1023, .keyTooSmall(bits: 1023)), (1024, nil),
    (1025, nil), (2048, nil), (4096, nil), (8192, nil), (8193, .keyTooLarge(bits: 8193)),
    (16384, .keyTooLarge(bits: 16384)), (65536, .keyTooLarge(bits: 65536)),
    (1, .keyTooSmall(bits: 1)),
  ]

  @Test(arguments: bounds)
  func sizes(bits: Int, failure: DKIMFailure?) {
    let key = DER.pkcs1(bits == 1 ? [1] : Self.modulus(bits: bits))
    for der in [key, DER.spki(key), DER.spki(key, parameters: [])] {
      switch Self.usable(der) {
      case .success(let key):
        #expect(failure == nil)
        #expect(key.bits == bits)
      case .failure(let found): #expect(found == failure)
      }
    }
  }

  private static let good = modulus(bits: 1024)
  private static let key = DER.pkcs1(good)

  private static let broken: [(String, [UInt8])] = [
    // Octets left over, at each level.
    ("after PKCS#1", key + [0]), ("after SPKI", DER.spki(key) + [0]),
    ("inside PKCS#1", DER.sequence(DER.integer(good), DER.integer([3]), DER.null)),
    (
      "inside SPKI",
      DER.sequence(DER.sequence(DER.rsaEncryption, DER.null), DER.element(3, [0] + key), DER.null)
    ),
    ("inside the bit string", DER.spki(key + [0])),
    ("after the parameters", DER.spki(key, parameters: DER.null + DER.null)),
    // Cut short.
    ("nothing", [0x30, 0x00]), ("cut PKCS#1", Array(key.dropLast())),
    ("cut SPKI", Array(DER.spki(key).dropLast())), ("no exponent", DER.sequence(DER.integer(good))),
    // Not DER: lengths that are too long, or without end.
    ("indefinite length", [0x30, 0x80] + Array(key.dropFirst(4)) + [0, 0]),
    ("long length", [0x30, 0x83, 0x00] + Array(key.dropFirst(2))),
    // Not RSA.
    (
      "Ed25519",
      DER.spki(
        [UInt8](repeating: 7, count: 32), algorithm: DER.element(6, [0x2B, 0x65, 0x70]),
        parameters: [])
    ),
    (
      "RSA-PSS",
      DER.spki(
        key, algorithm: DER.element(6, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]))
    ),
    ("a bit too few", DER.spki(key, unusedBits: 1)),
    ("a certificate's worth of octets", [UInt8](repeating: 0x30, count: 4000)),
    // Keys that verify anything, or that no factoring is needed for.
    ("exponent 1", DER.pkcs1(good, [1])), ("exponent 0", DER.pkcs1(good, [0])),
    ("even exponent", DER.pkcs1(good, [4])),
    ("huge exponent", DER.pkcs1(good, [1] + [UInt8](repeating: 1, count: 64))),
    ("even modulus", DER.pkcs1(Array(good.dropLast() + [0xA6]))),
    ("negative modulus", DER.sequence(DER.element(2, [0xFF] + good), DER.integer([1, 0, 1]))),
    ("modulus not minimal", DER.sequence(DER.element(2, [0, 0] + good), DER.integer([1, 0, 1]))),
    ("negative exponent", DER.sequence(DER.integer(good), DER.element(2, [0xFD]))),
  ]

  @Test(arguments: broken)
  func refused(name: String, der: [UInt8]) {
    switch Self.usable(der) {
    case .success: Issue.record("\(name) is usable")
    case .failure(.keyUnusable(let why)): #expect(!why.isEmpty)
    case .failure(let failure): Issue.record("\(name): \(failure)")
    }
  }

  /// The right key in each form that is in use verifies.
  @Test func forms() async throws {
    let letter = try SignedDomain("example.com", key: TestKeys.rsa).sign(.ordinary())
    let text = try #require(
      TestKeys.rsa.keyRecord.split(separator: "p=").last.map { String($0) })
    let spki = try Base64.decode(text.utf8, .strict)
    let pkcs1 = try _RSA.Signing.PublicKey(derRepresentation: Data(spki)).pkcs1DERRepresentation
    for der in [spki, Array(pkcs1), DER.spki(Array(pkcs1), parameters: [])] {
      let scene = MessageScene(["s1._domainkey.example.com": ["p=\(Base64.encode(der))"]])
      let verdict = try await scene.authenticate(letter)
      #expect(verdict.dkim.map(\.result) == [.pass])
      #expect(verdict.dkim.map(\.keyBits) == [2048])
    }
  }

  /// Sizes that take a real key: signatures of 3072 and 4096 bits verify.
  @Test(
    .enabled(if: Conformance.isPresent),
    arguments: [("r1024", 1024), ("r3072", 3072), ("r4096", 4096)])
  func realSizes(name: String, bits: Int) async throws {
    let pem = String(
      decoding: try Conformance.octets("dkim/synthetic/keys/\(name).pem"), as: UTF8.self)
    let domain = SignedDomain("example.com", key: try SigningKey(rsaPEM: pem))
    let verdict = try await MessageScene(domain.zone).authenticate(try domain.sign(.ordinary()))
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.dkim.map(\.keyBits) == [bits])
  }

  /// RFC 8463 §4.2: 32 octets, nothing around them; no point of small order verifies all.
  @Test(arguments: [0, 31, 33, 44])
  func ed25519Size(count: Int) {
    let record = "v=DKIM1; k=ed25519; p=\(Base64.encode([UInt8](repeating: 1, count: count)))"
    #expect(
      throws: count == 0
        ? DKIMFailure.keyRevoked : .keyUnusable("an Ed25519 key has 32 octets, not \(count)")
    ) {
      try Self.parse(record).publicKey(for: .ed25519SHA256)
    }
  }

  /// A signature's length must be that of the modulus; neither longer nor shorter ones crash.
  @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 129, 255, 256, 257, 5000])
  func signatureSizes(count: Int) throws {
    let digest = SHA256Digest.ofNothing
    for (key, algorithm) in [
      (TestKeys.rsa, DKIMAlgorithm.rsaSHA256), (TestKeys.ed25519, .ed25519SHA256),
    ] {
      let key = try Self.parse(key.keyRecord).publicKey(for: algorithm)
      #expect(!key.verifies([UInt8](repeating: 0, count: count), of: digest))
      #expect(!key.verifies([UInt8](repeating: 0xFF, count: count), of: digest))
    }
  }
}

extension SHA256Digest {
  fileprivate static var ofNothing: SHA256Digest { SHA256.hash(data: [UInt8]()) }
}
