// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that its dependency stays out of users' builds.
let package = Package(
  name: "headway-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "headway", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    // The text and the configurations of both.
    .target(
      name: "BenchmarkInputs",
      dependencies: [.product(name: "HeadwayModules", package: "headway")],
      path: "Sources/BenchmarkInputs"),
    // Timed figures of the parts: probes, barriers, queue, matrix products, a training step.
    .executableTarget(
      name: "HeadwayBenchmarks",
      dependencies: [
        "BenchmarkInputs",
        .product(name: "HeadwayModules", package: "headway"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/HeadwayBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    // What the probes cost a whole engine: runs that take turns. Not in the directory of the above, whose plugin would run it.
    .executableTarget(
      name: "self-cost",
      dependencies: [
        "BenchmarkInputs",
        .product(name: "HeadwayModules", package: "headway"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/SelfCost"),
  ],
  swiftLanguageModes: [.v6]
)
