// swift-tools-version: 6.2
import PackageDescription

// A stranger's program, which knows of Signet only what is public. `scripts/check-consumer` builds
// it: the libraries must come without servers, databases and the command line's dependencies.
let package = Package(
  name: "Consumer",
  dependencies: [.package(name: "signet", path: "../..")],
  targets: [
    .executableTarget(
      name: "Consumer",
      dependencies: [
        .product(name: "Authentication", package: "signet"),
        .product(name: "Mail", package: "signet"),
        .product(name: "DNS", package: "signet"),
        .product(name: "Wire", package: "signet"),
      ])
  ]
)
