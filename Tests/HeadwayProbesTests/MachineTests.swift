import CHeadwayLinux
import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite("What the machine is and allows")
struct MachineTests {
  @Test("the limits of every group on the way to the root bind, version 2")
  func versionTwo() throws {
    let tree = try TemporaryDirectory()
    try tree.write("0::/user/job\n", to: "proc/self/cgroup")
    try tree.write("cpu memory\n", to: "sys/fs/cgroup/cgroup.controllers")
    try tree.write("150000 100000\n", to: "sys/fs/cgroup/user/cpu.max")
    try tree.write("max 100000\n", to: "sys/fs/cgroup/user/job/cpu.max")
    try tree.write("max\n", to: "sys/fs/cgroup/user/memory.max")
    try tree.write("1048576\n", to: "sys/fs/cgroup/user/job/memory.max")
    try tree.write(
      "usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec 70\n",
      to: "sys/fs/cgroup/user/job/cpu.stat")
    let root = tree.url.path
    let limits = CgroupLimits.read(root: root)
    #expect(limits.cpus == 1.5 && limits.memoryBytes == 1_048_576 && limits.version == 2)
    #expect(
      CgroupLimits.throttling(root: root)
        == CgroupLimits.Throttling(periods: 3, time: Nanoseconds(70_000)))
  }

  @Test("the caches of the first CPU: data and unified ones, the largest level last")
  func caches() throws {
    let tree = try TemporaryDirectory()
    let files = [
      ("1", "Data", "48K"), ("1", "Instruction", "96K"), ("2", "Unified", "2M"), ("3", "Unified", "32768K"),
    ]
    for (index, (level, type, size)) in files.enumerated() {
      let place = "sys/devices/system/cpu/cpu0/cache/index\(index)/"
      try tree.write(level + "\n", to: place + "level")
      try tree.write(type + "\n", to: place + "type")
      try tree.write(size + "\n", to: place + "size")
    }
    let caches = CacheSizes.read(root: tree.url.path)
    #expect(caches.secondLevelBytes == 2 << 20 && caches.lastLevelBytes == 32 << 20)
    let nothing = CacheSizes.read(root: tree.url.path + "/absent")
    #expect(nothing.secondLevelBytes == nil && nothing.lastLevelBytes == nil)
  }

  @Test("the limits of version 1")
  func versionOne() throws {
    let tree = try TemporaryDirectory()
    try tree.write("4:memory:/a\n3:cpu,cpuacct:/a/b\n", to: "proc/self/cgroup")
    try tree.write("-1\n", to: "sys/fs/cgroup/cpu/cpu.cfs_quota_us")
    try tree.write("100000\n", to: "sys/fs/cgroup/cpu/cpu.cfs_period_us")
    try tree.write("50000\n", to: "sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us")
    try tree.write("100000\n", to: "sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us")
    try tree.write("9223372036854771712\n", to: "sys/fs/cgroup/memory/memory.limit_in_bytes")
    try tree.write("4096\n", to: "sys/fs/cgroup/memory/a/memory.limit_in_bytes")
    try tree.write(
      "nr_periods 9\nnr_throttled 2\nthrottled_time 30\n", to: "sys/fs/cgroup/cpu/a/b/cpu.stat")
    let root = tree.url.path
    let limits = CgroupLimits.read(root: root)
    #expect(limits.cpus == 0.5 && limits.memoryBytes == 4_096 && limits.version == 1)
    #expect(
      CgroupLimits.throttling(root: root) == CgroupLimits.Throttling(periods: 2, time: Nanoseconds(30)))
  }

  @Test("without control groups there is no limit, and that is not a limit of zero")
  func noGroups() throws {
    let tree = try TemporaryDirectory()
    #expect(CgroupLimits.read(root: tree.url.path) == CgroupLimits.read(root: tree.path("nowhere")))
    let limits = CgroupLimits.read(root: tree.url.path)
    #expect(limits.cpus == nil && limits.memoryBytes == nil && limits.version == nil)
    #expect(CgroupLimits.throttling(root: tree.url.path) == nil)
  }

  @Test("a quota caps the usable CPUs; what cannot be read is absent")
  func facts() throws {
    let tree = try TemporaryDirectory()
    try tree.write("0::/\n", to: "proc/self/cgroup")
    try tree.write("cpu\n", to: "sys/fs/cgroup/cgroup.controllers")
    try tree.write("25000 100000\n", to: "sys/fs/cgroup/cpu.max")
    try tree.write(
      "processor\t: 0\nmodel name\t: Some  CPU @ 2 GHz\nflags\t\t: fpu avx2 fma hypervisor\n",
      to: "proc/cpuinfo")
    try tree.write("MemFree: 1 kB\nMemTotal:       2048 kB\n", to: "proc/meminfo")
    let facts = MachineFacts.read(root: tree.url.path)
    #expect(facts.usableCpus == 0.25 && facts.processor == "Some CPU @ 2 GHz")
    #expect(facts.memoryBytes == 2_097_152 && facts.vectorExtensions == ["fma", "avx2"])
    #expect(facts.hypervisor == "present" && facts.kernel == nil && facts.clockSource == nil)
  }

  @Test("this machine has a CPU, memory and a kernel")
  func thisMachine() {
    let facts = MachineFacts.read()
    #expect(facts.onlineCpus >= 1 && facts.usableCpus > 0)
    #expect(facts.usableCpus <= Double(facts.onlineCpus))
    #expect((facts.memoryBytes ?? 0) > 1 << 20 && facts.kernel?.isEmpty == false)
    #expect((peakResidentBytes() ?? 0) > 1 << 20)
  }

  @Test("the peak is VmHWM")
  func peak() {
    #expect(peakResidentBytes(status: "VmPeak:\t9 kB\nVmHWM:\t   12 kB\nVmRSS: 3 kB\n") == 12_288)
    #expect(peakResidentBytes(status: "VmRSS: 3 kB\n") == nil)
  }

  @Test("scheduler statistics are three numbers or absent")
  func scheduling() throws {
    let reading = try #require(SchedulingReading.parse("120 34 5\n"))
    #expect(reading.onCpuNs == 120 && reading.runDelayNs == 34)
    #expect(SchedulingReading.parse("") == nil && SchedulingReading.parse("12") == nil)
    #expect(SchedulingReading.parse("a b c") == nil)
    #expect(SchedulingReading.read(ThreadID(-1)) == nil)
  }

  @Test("CPU time is shared out between this process, others and the hypervisor")
  func activity() throws {
    func at(_ line: String, own: UInt64, throttled: Int?) throws -> SystemActivity {
      SystemActivity(
        times: try #require(SystemActivity.Times(parsing: line + "\ncpu0 1 1 1 1\n")), ticksPerSecond: 100,
        ownCpuNs: own, throttledPeriods: throttled)
    }
    //                               user nice system idle iowait irq softirq steal guest
    let before = try at("cpu  100 0 50 800 50 1 1 10 5 0", own: 1_000_000_000, throttled: 4)
    let after = try at("cpu  160 0 70 880 60 1 1 40 9 0", own: 1_600_000_000, throttled: 6)
    let shares = try #require(SystemActivity.shares(from: before, to: after))
    // 80 busy (60 of them ours), 90 idle, 30 stolen: two seconds at 100 ticks each.
    #expect(shares.stealShare == 0.15 && shares.ownShare == 0.3 && shares.foreignShare == 0.1)
    #expect(shares.throttledPeriods == 2 && shares.cpuSeconds == 2)
    let old = try at("cpu  100 0 50 800 50", own: 0, throttled: nil)
    let oldAfter = try at("cpu  200 0 50 900 50", own: 0, throttled: nil)
    let oldShares = try #require(SystemActivity.shares(from: old, to: oldAfter))
    #expect(oldShares.stealShare == nil && oldShares.throttledPeriods == nil && oldShares.foreignShare == 0.5)
    #expect(SystemActivity.shares(from: before, to: before) == nil)
    #expect(SystemActivity.shares(from: nil, to: after) == nil)
    #expect(SystemActivity.Times(parsing: "intr 5") == nil)
    #expect(SystemActivity.Times(parsing: "cpu  1 2 x 4 5") == nil)
    #expect(SystemActivity.read() != nil)
  }

  @Test("a refused counter is explained by its error and the kernel's setting")
  func refusedCounter() {
    let refused = MeasuringCapability.explain(
      "hardware counters", what: "CPU cycles", code: EACCES, remedy: "x", paranoia: "4")
    #expect(refused.state == .unavailable && !refused.available)
    #expect(refused.detail.contains("Permission denied; kernel.perf_event_paranoid is 4"))
    #expect(refused.remedy?.contains("perf_event_paranoid=1") == true)
    let missing = MeasuringCapability.explain(
      "hardware counters", what: "CPU cycles", code: ENOENT, remedy: "use bare metal", paranoia: nil)
    #expect(missing.detail.contains("does not offer") && missing.remedy == "use bare metal")
  }

  @Test("a library that is not there is a line with a remedy")
  func library() {
    let line = MeasuringCapability.library("X", sonames: ["libheadway-none.so"], use: "y", package: "z-dev")
    #expect(
      line.state == .unavailable && line.remedy == "sudo apt-get install z-dev, or your system's equivalent")
    #expect(MeasuringCapability.chosen(in: "always [madvise] never") == "madvise")
    #expect(MeasuringCapability.chosen(in: "plain") == nil)
  }

  @Test(
    "the scheduler's statistics of a running thread are of now, not of the kernel's last tick",
    .enabled("the kernel keeps scheduler statistics") { SchedulingReading.read(ThreadID(getpid())) != nil })
  func freshStatistics() throws {
    let thread = ThreadID(headway_gettid())
    let computed: UInt64 = 300_000
    var behind: [UInt64] = []
    for _ in 0..<41 {
      // The clock books; from here on the kernel has no reason to before its tick.
      let start = threadCpuNs()
      spin(nanoseconds: computed)
      let reading = try #require(SchedulingReading.read(thread))
      let now = threadCpuNs()
      #expect(start <= reading.onCpuNs && reading.onCpuNs <= now)
      behind.append(now - min(now, reading.onCpuNs))
    }
    #expect(behind.sorted()[20] < computed / 2, "\(behind)")
  }

  @Test("the doctor's lines are complete: what is missing comes with its reason")
  func doctor() {
    let lines = MeasuringCapability.all()
    #expect(Set(lines.map(\.name)).count == lines.count && lines.count == 16)
    #expect(lines.allSatisfy { !$0.detail.isEmpty && $0.remedy != "" })
    let clock = lines.first { $0.name == "cycle counter as clock" }
    #expect(clock?.available == true)
  }
}
