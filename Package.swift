// swift-tools-version: 6.2
import PackageDescription

/// Every target: Swift 6 language mode and the upcoming features that keep imports and
/// existentials honest. Warnings are errors, so that CI and a developer see the same build.
let everywhere: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// Floors 0 to 2 read octets from strangers: every unsafe construct there is marked.
let lowFloors: [SwiftSetting] = everywhere + [.strictMemorySafety()]

let package = Package(
  name: "signet",
  products: [
    .executable(name: "signet", targets: ["signet"]),
    .library(name: "Wire", targets: ["Wire"]),
    .library(name: "Mail", targets: ["Mail"]),
    .library(name: "DNS", targets: ["DNS"]),
    .library(name: "Authentication", targets: ["Authentication"]),
    .library(name: "Transport", targets: ["Transport"]),
    .library(name: "Unbound", targets: ["Unbound"]),
    .library(name: "HTTPS", targets: ["HTTPS"]),
    .library(name: "SMTP", targets: ["SMTP"]),
  ],
  dependencies: [
    // The command line: parsing, help, completions, manual page.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // SHA-256, RSA and Ed25519: BoringSSL behind a Swift interface.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // DER of public keys, for sizes and leftovers that swift-crypto does not report.
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    // The answer cache keeps its entries in order of use (OrderedDictionary, Deque).
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // X.509: the chain that a mail server shows, checked against TLSA records or trusted roots.
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    // SMTP connections, and TLS on them with a check of the chain of our own.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    // MTA-STS policies and policy lists come by HTTPS.
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    // What must survive a crash (the policy cache) lies in SQLite.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // gpgv checks the OpenPGP signatures of policy lists, as a process of its own.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    // The configuration is written in YAML: its nodes know their line and column, so that a
    // mistake can be pointed at. In tests: the SPF and ARC suites.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Floor 0
    // libidn2 converts U-labels (IDNA2008 with UTS 46). Foundation's URL could too, but it
    // brings ICU into every program that imports a domain name.
    .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
    .target(name: "Wire", dependencies: ["CIDN2"], swiftSettings: lowFloors),

    // Floor 1
    .target(name: "Mail", dependencies: ["Wire"], swiftSettings: lowFloors),
    .target(
      name: "DNS",
      dependencies: ["Wire", .product(name: "Collections", package: "swift-collections")],
      swiftSettings: lowFloors),

    // Floor 2
    .target(
      name: "Authentication",
      dependencies: [
        "Wire", "Mail", "DNS",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
      ],
      swiftSettings: lowFloors),

    .target(
      name: "Transport",
      dependencies: [
        "Wire", "DNS",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "X509", package: "swift-certificates"),
      ],
      swiftSettings: lowFloors),

    // Floor 3
    .target(
      name: "HTTPS",
      dependencies: [
        "Wire", "DNS", "Transport",
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: everywhere),
    .target(
      name: "SMTP",
      dependencies: [
        "Wire", "Mail", "Transport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: everywhere),
    .target(
      name: "Store",
      dependencies: ["Wire", "Transport", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: everywhere),
    // gpgv, the verifier of GnuPG that has no keys of its own and trusts only the keyring given.
    .target(
      name: "GnuPG",
      dependencies: [.product(name: "Subprocess", package: "swift-subprocess")],
      swiftSettings: everywhere),
    .systemLibrary(
      name: "CUnbound", providers: [.apt(["libunbound-dev", "libevent-dev"])]),
    .target(
      name: "Unbound", dependencies: ["Wire", "DNS", "CUnbound"], swiftSettings: everywhere),

    // Floor 6
    .executableTarget(
      name: "signet",
      dependencies: [
        "Wire", "Mail", "DNS", "Authentication", "Transport", "Unbound", "HTTPS", "Store",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: everywhere),

    // Beside the floors: only tests import it. (Not `Testing`: that is Swift Testing's name.)
    .target(
      name: "MailTesting",
      dependencies: [
        "Wire", "Mail", "DNS", "Authentication", "Transport",
        .product(name: "Yams", package: "Yams"),
        // Mail and policy servers that misbehave.
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        // The certificates that servers of the lab show.
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: everywhere),

    .testTarget(
      name: "WireTests", dependencies: ["Wire", "MailTesting"], swiftSettings: everywhere),
    .testTarget(
      name: "MailTests", dependencies: ["Wire", "Mail", "MailTesting"], swiftSettings: everywhere),
    .testTarget(
      name: "DNSTests", dependencies: ["Wire", "DNS", "MailTesting"], swiftSettings: everywhere),
    .testTarget(
      name: "AuthenticationTests",
      dependencies: [
        "Wire", "Mail", "DNS", "Authentication", "MailTesting",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: everywhere),
    .testTarget(
      name: "SMTPTests",
      dependencies: [
        "Wire", "Mail", "DNS", "Transport", "SMTP", "MailTesting",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: everywhere),
    .testTarget(
      name: "TransportTests",
      dependencies: [
        "Wire", "DNS", "Transport", "Unbound", "MailTesting",
        .product(name: "SwiftASN1", package: "swift-asn1"),
      ],
      swiftSettings: everywhere),
    .testTarget(
      name: "HTTPSTests", dependencies: ["Wire", "DNS", "Transport", "HTTPS", "MailTesting"],
      swiftSettings: everywhere),
    .testTarget(name: "GnuPGTests", dependencies: ["GnuPG"], swiftSettings: everywhere),
    // Killed by the tests of what must survive that.
    .executableTarget(
      name: "policy-writer", dependencies: ["Wire", "Transport", "Store"],
      path: "Tests/PolicyWriter", swiftSettings: everywhere),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Wire", "Transport", "Store", "MailTesting", "policy-writer"],
      swiftSettings: everywhere),
    // The code of the articles. It sees what a stranger's program sees: no `package` declarations.
    .testTarget(
      name: "DocumentationTests",
      dependencies: ["Wire", "Mail", "DNS", "Authentication", "MailTesting"],
      packageAccess: false, swiftSettings: everywhere),
    .testTarget(
      name: "UnboundTests", dependencies: ["Wire", "DNS", "Unbound", "MailTesting"],
      swiftSettings: everywhere),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Wire", "Mail", "DNS", "Authentication", "Transport", "Unbound", "signet", "MailTesting",
      ],
      swiftSettings: everywhere),
  ],
  swiftLanguageModes: [.v6]
)

// `make docs` alone asks for DocC's plugin: whoever builds or imports Signet neither fetches it
// nor waits for it.
if Context.environment["SIGNET_DOCS"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"))
}
