import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite("What surrounds a run")
struct SurroundingsTests {
  @Test("settings, limits, affinity and load are read from the kernel's files")
  func everySetting() throws {
    let tree = try TemporaryDirectory()
    let files = [
      ("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n"),
      ("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n"),
      ("proc/sys/kernel/randomize_va_space", "2\n"), ("proc/self/personality", "00000000\n"),
      ("proc/self/status", "Name:\tx\nCpus_allowed:\tf\nCpus_allowed_list:\t0-1,3\n"),
      ("proc/loadavg", "0.75 0.50 0.10 1/100 4242\n"), ("proc/self/cgroup", "0::/\n"),
      ("sys/fs/cgroup/cgroup.controllers", "cpu\n"), ("sys/fs/cgroup/cpu.max", "150000 100000\n"),
      (
        "proc/self/maps",
        """
        7f00-7f01 r-xp 00000000 08:01 1    /usr/lib/openblas/libopenblasp-r0.3.21.so
        7f01-7f02 r--p 00000000 08:01 1    /usr/lib/openblas/libopenblasp-r0.3.21.so
        7f02-7f03 r-xp 00000000 08:01 2    /usr/lib/libgomp.so.1.0.0
        7f03-7f04 r-xp 00000000 08:01 3    /home/libgomp-notes.txt
        7f04-7f05 rw-p 00000000 00:00 0    [heap]
        """
      ),
    ]
    for (file, text) in files { try tree.write(text, to: file) }
    let around = Surroundings.read(root: tree.url.path)
    #expect(around.governor == "powersave" && around.hugePages == "madvise")
    #expect(around.addressRandomisation == "on" && around.affinity == "0-1,3" && around.loadAverage == 0.75)
    #expect(around.cgroupVersion == 2 && around.cpuQuota == 1.5 && around.memoryLimitBytes == nil)
    #expect(around.libraries["libopenblas"] == "libopenblasp-r0.3.21.so")
    #expect(around.libraries["libgomp"] == "libgomp.so.1.0.0")
    #expect(around.libraries.keys.sorted() == ["libc", "libgomp", "libopenblas"])
    let settings = Dictionary(
      around.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    #expect(settings["memory limit"] == "none" && settings["CPU quota"] == "1.5 CPUs")

    // A process that was started without randomisation does not have it, whatever the kernel's setting.
    try tree.write("00040000\n", to: "proc/self/personality")
    #expect(Surroundings.read(root: tree.url.path).addressRandomisation == "off")
  }

  @Test("what cannot be read is absent, and that is no setting of its own")
  func nothingToRead() throws {
    let tree = try TemporaryDirectory()
    let around = Surroundings.read(root: tree.url.path)
    #expect(around.governor == nil && around.hugePages == nil && around.addressRandomisation == nil)
    #expect(around.affinity == nil && around.loadAverage == nil && around.cgroupVersion == nil)
    #expect(around.settings.allSatisfy { $0.value == nil || $0.name == "libc" })
    #expect(around.activity == nil)
  }

  @Test("this process has surroundings, and what happened meanwhile is noted at the end")
  func thisProcess() throws {
    var around = Surroundings.read()
    #expect(around.affinity != nil && around.loadAverage != nil && around.libraries["libc"] != nil)
    let before = try #require(SystemActivity.read())
    var after = before
    after.times.busy += 30
    after.times.idle += 50
    after.times.steal = before.times.steal.map { $0 + 20 }
    around.note(activityFrom: before, to: after)
    let activity = try #require(around.activity)
    #expect(activity.stealShare == before.times.steal.map { _ in 0.2 } && activity.foreignShare >= 0.3)
    around.note(activityFrom: nil, to: after)
    #expect(around.activity == nil, "without a beginning there is no share")
  }

  @Test("two surroundings differ in what they name")
  func differences() {
    let one = Surroundings(hugePages: "always", affinity: "0-1", libraries: ["libgomp": "libgomp.so.1.0.0"])
    var other = one
    #expect(one.differences(from: other).isEmpty)
    other.hugePages = "never"
    other.libraries = ["libomp": "libomp.so.5"]
    #expect(
      one.differences(from: other) == [
        NamedDifference(name: "transparent huge pages", base: "always", candidate: "never"),
        NamedDifference(name: "libgomp", base: "libgomp.so.1.0.0", candidate: nil),
        NamedDifference(name: "libomp", base: nil, candidate: "libomp.so.5"),
      ])
    other = one
    other.loadAverage = 9
    #expect(one.differences(from: other).isEmpty, "load is no setting")
  }
}
