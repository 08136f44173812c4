internal import Crypto
internal import CryptoExtras
public import DNS
internal import Foundation
internal import SwiftASN1
internal import X509

/// A certificate made for a test, with its private key: it can stand in a chain, and issue others.
public struct LabCertificate: Sendable {
  /// What kind of key a certificate gets. An RSA key takes seconds in a debug build.
  public enum KeyKind: Hashable, Sendable {
    case ecdsaP256
    case rsa2048
  }

  /// What stands in the certificate, beside the key and the issuer.
  public struct Content: Sendable {
    /// The subject's common name; an empty subject where it is nil.
    public var commonName: String?
    /// The names in the subject alternative name extension; no extension where there are none.
    public var dnsNames: [String]
    /// CA:TRUE with this many authorities below it; nil for a certificate that says CA:FALSE.
    public var authority: PathLength?
    /// `notBefore` and `notAfter`, seconds since 1970.
    public var validity: ClosedRange<UInt64>
    public var keyKind: KeyKind
    /// What the extended key usage extension says; no extension where it is nil.
    public var extendedKeyUsage: ExtendedUsage?
    /// Whether the key usage extension, where there is one, allows to sign certificates.
    public var signsCertificates: Bool?
    /// Names that the certificates below it may carry, as the name constraints extension permits.
    public var permittedNames: [String]
    /// An extension that nobody knows, marked critical.
    public var hasUnknownCriticalExtension = false

    /// Whether an issuer with an RSA key signs with SHA-1.
    public var isSignedWithSHA1 = false

    /// How many authorities may stand below one.
    public enum PathLength: Hashable, Sendable {
      case unlimited
      case atMost(Int)
    }

    public enum ExtendedUsage: Hashable, Sendable {
      case serverAuth
      case clientAuth
      case any
    }

    public init(
      commonName: String? = nil, dnsNames: [String] = [], authority: PathLength? = nil,
      validity: ClosedRange<UInt64> = LabCertificates.validity, keyKind: KeyKind = .ecdsaP256,
      extendedKeyUsage: ExtendedUsage? = nil, signsCertificates: Bool? = nil,
      permittedNames: [String] = []
    ) {
      self.commonName = commonName
      self.dnsNames = dnsNames
      self.authority = authority
      self.validity = validity
      self.keyKind = keyKind
      self.extendedKeyUsage = extendedKeyUsage
      self.signsCertificates = signsCertificates
      self.permittedNames = permittedNames
    }
  }

  private let certificate: Certificate
  private let key: Certificate.PrivateKey
  /// The certificate as it goes over the wire.
  public let der: [UInt8]

  /// A self-signed certificate.
  public init(selfSigned content: Content) throws {
    let key = try Self.makeKey(content.keyKind)
    try self.init(content, key: key, issuer: nil)
  }

  /// A certificate that this one issues, with a key of its own unless one is to be used again.
  public func issue(
    _ content: Content, keyOf other: LabCertificate? = nil
  ) throws -> LabCertificate {
    let key = try other?.key ?? Self.makeKey(content.keyKind)
    return try LabCertificate(content, key: key, issuer: self)
  }

  private init(
    _ content: Content, key: Certificate.PrivateKey, issuer: LabCertificate?
  ) throws {
    let subject = try DistinguishedName {
      if let name = content.commonName { CommonName(name) }
    }
    let signer = issuer?.key ?? key
    let algorithm: Certificate.SignatureAlgorithm =
      content.isSignedWithSHA1 ? .sha1WithRSAEncryption : signer.defaultAlgorithm
    certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
      notValidBefore: Date(timeIntervalSince1970: Double(content.validity.lowerBound)),
      notValidAfter: Date(timeIntervalSince1970: Double(content.validity.upperBound)),
      issuer: issuer?.certificate.subject ?? subject, subject: subject,
      signatureAlgorithm: algorithm, extensions: try Self.extensions(content),
      issuerPrivateKey: signer)
    self.key = key
    var serializer = DER.Serializer()
    try serializer.serialize(certificate)
    der = serializer.serializedBytes
  }

  private static func makeKey(_ kind: KeyKind) throws -> Certificate.PrivateKey {
    switch kind {
    case .ecdsaP256: Certificate.PrivateKey(P256.Signing.PrivateKey())
    case .rsa2048: Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits2048))
    }
  }

  private static func extensions(_ content: Content) throws -> Certificate.Extensions {
    try Certificate.Extensions {
      switch content.authority {
      case nil: Critical(BasicConstraints.notCertificateAuthority)
      case .unlimited: Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
      case .atMost(let length):
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: length))
      }
      if !content.dnsNames.isEmpty {
        SubjectAlternativeNames(content.dnsNames.map { .dnsName($0) })
      }
      if let usage = content.extendedKeyUsage { try ExtendedKeyUsage([Self.usage(usage)]) }
      if let signs = content.signsCertificates {
        Critical(KeyUsage(digitalSignature: !signs, keyCertSign: signs))
      }
      if !content.permittedNames.isEmpty {
        Critical(NameConstraints(permittedDNSDomains: content.permittedNames))
      }
      if content.hasUnknownCriticalExtension {
        Certificate.Extension(oid: [1, 3, 6, 1, 4, 1, 99_999, 1], critical: true, value: [5, 0])
      }
    }
  }

  private static func usage(_ usage: Content.ExtendedUsage) -> ExtendedKeyUsage.Usage {
    switch usage {
    case .serverAuth: .serverAuth
    case .clientAuth: .clientAuth
    case .any: .any
    }
  }
}

extension Certificate.PrivateKey {
  fileprivate var defaultAlgorithm: Certificate.SignatureAlgorithm {
    supportedSignatureAlgorithms.contains(.ecdsaWithSHA256)
      ? .ecdsaWithSHA256 : .sha256WithRSAEncryption
  }
}

extension LabCertificate {
  /// The SubjectPublicKeyInfo as in the certificate, DER.
  public var publicKeyInfo: [UInt8] {
    get throws {
      var serializer = DER.Serializer()
      try serializer.serialize(certificate.publicKey)
      return serializer.serializedBytes
    }
  }

  /// The certificate for a PEM file.
  public var pem: String {
    get throws { try certificate.serializeAsPEM().pemString + "\n" }
  }

  /// The private key for a PEM file.
  public var privateKeyPEM: String {
    get throws { try key.serializeAsPEM().pemString + "\n" }
  }

  /// A TLSA record of this certificate (RFC 6698 §2.1).
  ///
  /// - Parameters:
  ///   - selector: 0, the whole certificate, or 1, its key.
  ///   - matchingType: 0, 1 or 2.
  public func tlsa(
    usage: UInt8, selector: UInt8, matchingType: UInt8
  ) throws -> TLSARecord {
    let content = selector == 0 ? der : try publicKeyInfo
    let association: [UInt8] =
      switch matchingType {
      case 1: Array(SHA256.hash(data: content))
      case 2: Array(SHA512.hash(data: content))
      default: content
      }
    return TLSARecord(
      usage: usage, selector: selector, matchingType: matchingType, associationData: association)
  }
}
