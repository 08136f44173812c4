// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building Signet never builds its benchmarks.
let package = Package(
  name: "signet-benchmarks",
  dependencies: [
    .package(name: "signet", path: ".."),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "signet-bench",
      dependencies: [
        .product(name: "Wire", package: "signet"),
        .product(name: "DNS", package: "signet"),
        .product(name: "Mail", package: "signet"),
        .product(name: "Authentication", package: "signet"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
