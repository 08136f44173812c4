// swift-tools-version: 6.2
import PackageDescription

/// Signet's own parsers are `package`; the compiler knows a package by its folder's name. So
/// the target here is compiled under that name, and sees what the tests see.
let folder = Context.packageDirectory.split(separator: "/").dropLast().last.map(String.init) ?? ""
let signet = String(
  folder.lowercased().map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })

// A package of its own: libFuzzer brings its own `main`, which would break a plain build.
let package = Package(
  name: "signet-fuzz",
  dependencies: [.package(name: "signet", path: "..")],
  targets: [
    .executableTarget(
      name: "signet-fuzz",
      dependencies: [
        .product(name: "Wire", package: "signet"),
        .product(name: "DNS", package: "signet"),
        .product(name: "Mail", package: "signet"),
        .product(name: "Authentication", package: "signet"),
        .product(name: "Transport", package: "signet"),
        .product(name: "SMTP", package: "signet"),
      ],
      // The package manager's own name for this one would come last, and win.
      packageAccess: false,
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .unsafeFlags(["-parse-as-library", "-package-name", signet]),
      ])
  ],
  swiftLanguageModes: [.v6]
)
