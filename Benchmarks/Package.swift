// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that its dependency stays out of users' builds.
let package = Package(
  name: "headway-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "headway", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    // Timed figures of the parts: probes, barriers, queue, matrix products, a training step.
    .executableTarget(
      name: "HeadwayBenchmarks",
      dependencies: [
        .product(name: "HeadwayModules", package: "headway"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/HeadwayBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
