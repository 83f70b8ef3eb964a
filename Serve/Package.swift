// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the web server and what it needs stay out of the build of everybody else.

/// A warning stops the build when the environment asks for it (continuous integration does).
let strictness: [SwiftSetting] =
  Context.environment["HEADWAY_WARNINGS_AS_ERRORS"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]

let package = Package(
  name: "headway-serve",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "headway", path: ".."),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
  ],
  targets: [
    // The pages by their addresses, who may ask for them, and the server that gives them out.
    .target(
      name: "HeadwayServe",
      dependencies: [
        .product(name: "HeadwayReading", package: "headway"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strictness),
    // The program that `headway serve` turns into.
    .executableTarget(
      name: "headway-serve",
      dependencies: ["HeadwayServe", .product(name: "HeadwayReading", package: "headway")],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayServeTests",
      dependencies: [
        "HeadwayServe", "headway-serve",
        .product(name: "HeadwayReading", package: "headway"),
        .product(name: "HeadwayProbes", package: "headway"),
        .product(name: "HeadwayTestSupport", package: "headway"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ],
      swiftSettings: strictness),
  ],
  swiftLanguageModes: [.v6]
)
