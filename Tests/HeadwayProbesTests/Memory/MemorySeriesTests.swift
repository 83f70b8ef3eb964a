import HeadwayProbes
import HeadwayTrace
import Testing

/// The bounded series and the plan of the samples, fed with instants.
@Suite struct MemorySeriesTests {
  private func sample(_ index: Int, rss: Int? = nil) -> MemorySample {
    var sample = MemorySample(timeNs: Nanoseconds(Int64(index)))
    sample.rssBytes = rss
    return sample
  }

  @Test(arguments: [2, 3, 4, 7, 8])
  func aFullSeriesKeepsEqualDistances(capacity: Int) {
    for count in 0...100 {
      var series = MemorySeries(capacity: capacity)
      for index in 0..<count { series.append(sample(index)) }
      let times = series.kept.map { Int($0.timeNs.count) }
      #expect(times.count <= capacity && series.taken == count)
      #expect(count == 0 || times.first == 0)
      let distances = Set(zip(times, times.dropFirst()).map { $1 - $0 })
      #expect(distances.count <= 1, "\(times)")
      if let last = times.last, let distance = distances.first {
        #expect(count - last <= distance, "the series reaches the end: \(times) of \(count)")
      }
    }
  }

  @Test func thePeakIsKeptWhateverTheSeriesDrops() {
    var series = MemorySeries(capacity: 2)
    for index in 0..<64 { series.append(sample(index, rss: index == 37 ? 900 : 100)) }
    #expect(series.peak == sample(37, rss: 900))
    #expect(!series.kept.contains(sample(37, rss: 900)))
    var absent = MemorySeries(capacity: 2)
    absent.append(sample(0))
    #expect(absent.peak == nil, "a missing size is no peak")
  }

  @Test func aLateSampleSkipsWhatItMissed() {
    var schedule = SamplingSchedule(startNs: 1_000, periodNs: 100)
    #expect(schedule.wait(fromNs: 900) == 100)
    #expect(schedule.wait(fromNs: 1_000) == 0)
    schedule.sampled(atNs: 1_010)
    #expect(schedule.nextNs == 1_100)
    schedule.sampled(atNs: 1_345)
    #expect(schedule.nextNs == 1_400, "not four samples in a row")
    schedule.sampled(atNs: 1_390)
    #expect(schedule.nextNs == 1_500, "a clock that is early changes nothing")
  }

  @Test(arguments: SamplingSchedule.DearPart.allCases)
  func aDearPartTakesHalfAThousandthOfTheTime(part: SamplingSchedule.DearPart) {
    var schedule = SamplingSchedule(startNs: 0, periodNs: 100_000_000)
    var spent: UInt64 = 0
    var now: UInt64 = 0
    let end: UInt64 = 600_000_000_000
    while now < end {
      if schedule.mayTake(part, atNs: now) {
        // It grows dearer, from 50 µs to 14 ms.
        let cost = 50_000 + 13_950_000 * now / end
        schedule.took(part, fromNs: now, toNs: now + cost)
        spent += cost
        now += cost
      }
      schedule.sampled(atNs: now)
      now = schedule.nextNs
    }
    #expect(spent > 0 && spent <= end / 2_000 + 14_000_000)
  }

  @Test func aDearPartDoesNotPutOffAnother() {
    var schedule = SamplingSchedule(startNs: 0, periodNs: 100)
    schedule.took(.proportional, fromNs: 0, toNs: 50)
    #expect(!schedule.mayTake(.proportional, atNs: 100_049))
    #expect(schedule.mayTake(.heap, atNs: 100))
    #expect(schedule.mayTake(.proportional, atNs: 100_050))
  }
}
