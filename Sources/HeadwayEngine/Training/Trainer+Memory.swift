import HeadwayCorpus
import HeadwayKernels
import HeadwayProbes
import HeadwayTrace

extension Trainer {
  /// Bytes that the trainer allocated, by component; every page of them was touched.
  var memoryComponents: [String: Int] {
    [
      "weights": work.parameters.weights.byteCount, "gradients": work.slots.byteCount,
      "optimizer": work.parameters.moments.first.byteCount + work.parameters.moments.second.byteCount,
      "activations": work.activationBytes,
      "batches": feed.byteCount + (work.evaluation?.byteCount ?? 0),
    ]
  }

  /// Resident bytes by component: what the trainer allocated, and what the kernel and the C library say of
  /// the rest. Components that cannot be read are absent.
  ///
  /// - `corpus`: pages of the corpus' files;
  /// - `packing`: the touched part of the kernels' working memory;
  /// - `stacks`: the touched part of all threads' stacks;
  /// - `probes`: the rows of the books, and what the run's status file is copied from;
  /// - `heap`: everything else on the heap, in use or freed and kept;
  /// - `program`: code and data of the executable and its libraries.
  ///
  /// Call while the workers live, outside the measured window.
  func readResidentComponents(corpus: Corpus, probeBytes: Int, liveBytes: Int) -> [String: Int] {
    var components = memoryComponents
    components["probes"] = probeBytes + liveBytes
    let working = K.workingMemory
    components["packing"] = working.residentBytes
    if let heap = HeapReading.read() {
      let known = memoryComponents.values.reduce(working.allocatedBytes + probeBytes, +)
      components["heap"] = max(0, heap.usedBytes + heap.idleBytes - known)
    }
    guard let map = ResidentMap.read() else { return components }
    components["corpus"] = map.bytes(ofFilesIn: corpus.directory)
    components["stacks"] = map.stackBytes
    components["program"] = map.programBytes
    return components
  }
}
