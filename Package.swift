// swift-tools-version: 6.1
import PackageDescription

// Every target has one sentence; the README's module table repeats it, and `Tests/ImportRuleTests`
// compares the `import` lines of every source file with the dependencies declared here.

/// A warning stops the build when the environment asks for it (continuous integration does).
let strictness: [SwiftSetting] =
  Context.environment["HEADWAY_WARNINGS_AS_ERRORS"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]

/// The kernels use AVX2 and FMA; `InstructionSet.requireSupport` refuses machines that lack them.
#if arch(x86_64)
  let vectorFlags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mfma"])]
#else
  let vectorFlags: [SwiftSetting] = []
#endif

let package = Package(
  name: "headway",
  products: [
    .executable(name: "headway", targets: ["headway"]),
    // What engines written in Swift link to be measured.
    .library(name: "HeadwayProbes", targets: ["HeadwayTrace", "HeadwayProbes", "HeadwayRecording"]),
    // What engines written in C, or in anything that calls C, link to be measured.
    .library(name: "HeadwayC", type: .dynamic, targets: ["HeadwayC"]),
    // What the nested package of the local page is made from, and what its tests share.
    .library(
      name: "HeadwayReading",
      targets: [
        "HeadwayTrace", "HeadwayFiles", "HeadwayStore", "HeadwayHistory", "HeadwayReport", "HeadwaySweep",
        "HeadwayReading",
      ]),
    .library(name: "HeadwayTestSupport", targets: ["HeadwayTestSupport"]),
    // What the nested benchmark package times.
    .library(
      name: "HeadwayModules",
      targets: [
        "HeadwayTrace", "HeadwayFiles", "HeadwayStatistics", "HeadwayProbes", "HeadwayKernels",
        "HeadwayCorpus",
        "HeadwayThreads", "HeadwayEngine",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Layer 0: what Swift cannot call by itself.
    // OpenBLAS's C interface: single-threaded GEMM for the `blas` kernels.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // Inline C for the vector instructions that Swift does not choose by itself.
    .target(name: "CHeadwayVectors"),
    // elfutils' C interface: ELF symbols, unwind tables and debug information.
    .systemLibrary(name: "CElfutils", pkgConfig: "libdw", providers: [.apt(["libdw-dev"])]),
    // zlib's C interface: gzip for the exports whose readers expect it.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // The stack sampler's signal handler: all code that runs inside a signal.
    .target(name: "CHeadwaySampler"),
    // Inline C shims for the Linux calls and instructions that Swift cannot express.
    .target(name: "CHeadwayLinux"),
    // Functions that take the place of `malloc` and its kin in a program, and count allocations by thread.
    .target(name: "CHeadwayAllocations"),
    // The header of the library's C interface.
    .target(name: "CHeadway"),

    // Layer 1: the format where recording and reading meet.
    // Units, the run and sweep contracts, the trace schema and its one codec; pure values.
    .target(name: "HeadwayTrace", swiftSettings: strictness),

    // Layer 2: independent abilities.
    // Per-thread state timers, counters, event buffers and stack samples, and what the machine can measure.
    .target(
      name: "HeadwayProbes", dependencies: ["HeadwayTrace", "CElfutils", "CHeadwaySampler", "CHeadwayLinux"],
      swiftSettings: strictness),
    // The numeric operators of the model: a reference, a SIMD and a BLAS set behind one protocol.
    .target(
      name: "HeadwayKernels", dependencies: ["COpenBLAS", "CHeadwayVectors"],
      swiftSettings: strictness + vectorFlags),
    // Files and directories that are written whole or not at all, and read with a sentence for every failure.
    .target(
      name: "HeadwayFiles", dependencies: ["HeadwayTrace", "CHeadwayLinux"], swiftSettings: strictness),
    // Sampling plans, exact intervals and verdicts; pure functions of numbers.
    .target(name: "HeadwayStatistics", swiftSettings: strictness),

    // Layer 3: what is built from them.
    // Text to tokens to seeded batches, and the n-gram baselines of a text.
    .target(
      name: "HeadwayCorpus", dependencies: ["HeadwayTrace", "HeadwayFiles"], swiftSettings: strictness),
    // From a trace or a summary to books, episodes and findings; no clock, no threads, no I/O.
    .target(
      name: "HeadwayAnalysis", dependencies: ["HeadwayTrace", "HeadwayStatistics"],
      swiftSettings: strictness),
    // The worker team, its barriers, its lock-free queue and the prefetch thread.
    .target(
      name: "HeadwayThreads", dependencies: ["HeadwayTrace", "HeadwayProbes", "CHeadwayLinux"],
      swiftSettings: strictness),

    // Layer 4: the engine, the files and the pages.
    // The model, its gradients, the optimizer, the training step, checkpoints and generation.
    .target(
      name: "HeadwayEngine",
      dependencies: [
        "HeadwayTrace", "HeadwayFiles", "HeadwayProbes", "HeadwayKernels", "HeadwayCorpus",
        "HeadwayThreads",
      ],
      swiftSettings: strictness),
    // Run and sweep directories and the sweep's journal: written whole or not at all.
    .target(
      name: "HeadwayStore", dependencies: ["HeadwayTrace", "HeadwayFiles"], swiftSettings: strictness),
    // The history of runs in SQLite: added to or rebuilt from their directories, read as series over commits.
    .target(
      name: "HeadwayHistory",
      dependencies: [
        "HeadwayTrace", "HeadwayFiles", "HeadwayStatistics", "HeadwayAnalysis",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strictness),
    // A renderer per format: terminal, Markdown and HTML with its drawings.
    .target(
      name: "HeadwayReport",
      dependencies: ["HeadwayTrace", .product(name: "Mustache", package: "swift-mustache")],
      swiftSettings: strictness),
    // A writer per format that other tools read: traces, stacks, metrics and tables; values in, bytes out.
    .target(name: "HeadwayExport", dependencies: ["HeadwayTrace", "CZlib"], swiftSettings: strictness),

    // Layer 5: many runs, and runs of other engines.
    // Records the run of any engine into a run directory: states, barriers, waits and progress.
    .target(
      name: "HeadwayRecording",
      dependencies: ["HeadwayTrace", "HeadwayFiles", "HeadwayProbes", "HeadwayStore"],
      swiftSettings: strictness),
    // Profiles, the grid, the order of runs, a child process per run, and the sweep's summary.
    .target(
      name: "HeadwaySweep",
      dependencies: [
        "CHeadwayLinux", "HeadwayTrace", "HeadwayProbes", "HeadwayFiles", "HeadwayStatistics",
        "HeadwayAnalysis", "HeadwayStore",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strictness),

    // Layer 6: what was recorded, read again.
    // Reads runs and sweeps back: what lies where, their reports, their comparisons, and what a live run does.
    .target(
      name: "HeadwayReading",
      dependencies: [
        "HeadwayTrace", "HeadwayProbes", "HeadwayFiles", "HeadwayAnalysis", "HeadwayStore", "HeadwayHistory",
        "HeadwayReport", "HeadwaySweep",
      ],
      swiftSettings: strictness),

    // Layer 7: the surface.
    // The `headway` command, a file per verb; the only code that prints or exits.
    .executableTarget(
      name: "headway",
      dependencies: [
        "CHeadwayAllocations", "HeadwayTrace", "HeadwayFiles", "HeadwayProbes", "HeadwayKernels",
        "HeadwayCorpus",
        "HeadwayStatistics", "HeadwayAnalysis", "HeadwayThreads", "HeadwayEngine", "HeadwayStore",
        "HeadwayReport", "HeadwayExport", "HeadwayHistory", "HeadwaySweep", "HeadwayReading",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strictness),

    // The library's C interface: one recording a process, integer handles, error codes.
    .target(
      name: "HeadwayC",
      dependencies: ["CHeadway", "HeadwayTrace", "HeadwayProbes", "HeadwayRecording"],
      swiftSettings: strictness),

    // Shared by the tests: a manual clock, trace literals, temporary directories, the real binary.
    .target(
      name: "HeadwayTestSupport", dependencies: ["HeadwayTrace"], path: "Tests/HeadwayTestSupport",
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayTraceTests", dependencies: ["HeadwayTrace", "HeadwayTestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayFilesTests", dependencies: ["HeadwayFiles", "HeadwayTrace", "HeadwayTestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayProbesTests",
      dependencies: [
        "HeadwayProbes", "HeadwayTrace", "HeadwayTestSupport", "CHeadwayAllocations", "CHeadwayLinux",
        "COpenBLAS",
      ],
      swiftSettings: strictness),
    .testTarget(name: "HeadwayKernelsTests", dependencies: ["HeadwayKernels"], swiftSettings: strictness),
    .testTarget(
      name: "HeadwayCorpusTests", dependencies: ["HeadwayCorpus", "HeadwayTrace", "HeadwayTestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayStatisticsTests", dependencies: ["HeadwayStatistics", "HeadwayTestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayAnalysisTests",
      dependencies: [
        "HeadwayAnalysis", "HeadwayStatistics", "HeadwayThreads", "HeadwayProbes", "HeadwayTrace",
        "HeadwayTestSupport",
      ],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayThreadsTests",
      dependencies: [
        "HeadwayThreads", "HeadwayAnalysis", "HeadwayProbes", "HeadwayTrace", "HeadwayTestSupport",
      ],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayEngineTests",
      dependencies: [
        "HeadwayEngine", "HeadwayKernels", "HeadwayCorpus", "HeadwayProbes", "HeadwayThreads",
        "HeadwayTrace", "HeadwayTestSupport",
      ],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayStoreTests",
      dependencies: ["HeadwayStore", "HeadwayFiles", "HeadwayTrace", "HeadwayTestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayHistoryTests",
      dependencies: [
        "headway", "HeadwayHistory", "HeadwayTrace", "HeadwayTestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayReportTests", dependencies: ["HeadwayReport", "HeadwayTrace", "HeadwayTestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayExportTests", dependencies: ["HeadwayExport", "HeadwayTrace", "HeadwayTestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwaySweepTests",
      dependencies: [
        "HeadwaySweep", "HeadwayStatistics", "HeadwayStore", "HeadwayFiles", "HeadwayTrace", "HeadwayProbes",
        "HeadwayTestSupport",
      ],
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayReadingTests",
      dependencies: [
        "HeadwayReading", "HeadwayRecording", "HeadwayReport", "HeadwayHistory", "HeadwayStore",
        "HeadwaySweep",
        "HeadwayAnalysis", "HeadwayTrace", "HeadwayTestSupport",
      ],
      swiftSettings: strictness),
    // The Swift example of docs/instrument-your-engine.md, which the end-to-end tests run.
    .executableTarget(
      name: "KMeansExample", dependencies: ["HeadwayRecording"], path: "Examples/KMeans",
      swiftSettings: strictness),
    .testTarget(
      name: "HeadwayRecordingTests",
      dependencies: [
        "HeadwayRecording", "HeadwayAnalysis", "HeadwayProbes", "HeadwayStore", "HeadwayTrace",
        "HeadwayTestSupport",
      ],
      swiftSettings: strictness),
    // Engines of planted behaviour on real threads, whose first finding is known.
    .testTarget(
      name: "HeadwayFixtureTests",
      dependencies: [
        "HeadwayRecording", "HeadwayAnalysis", "HeadwayProbes", "HeadwayReading", "HeadwayReport",
        "HeadwayStore", "HeadwayTrace", "HeadwayTestSupport",
      ],
      swiftSettings: strictness),
    .testTarget(name: "ImportRuleTests", dependencies: ["HeadwayTestSupport"], swiftSettings: strictness),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["headway", "HeadwayC", "KMeansExample", "HeadwayTrace", "HeadwayTestSupport"],
      swiftSettings: strictness),
  ],
  swiftLanguageModes: [.v6]
)
