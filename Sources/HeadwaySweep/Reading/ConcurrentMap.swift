import Dispatch
import Synchronization

extension Array where Element: Sendable {
  /// What `transform` makes of every element, in the order of the elements, on all the CPUs that there are.
  ///
  ///     let summaries = records.concurrentMap { record in Result { () throws(InputError) in try read(record) } }
  func concurrentMap<Product: Sendable>(_ transform: @Sendable (Element) -> Product) -> [Product] {
    let products = Mutex([Product?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { place in
      let product = transform(self[place])
      products.withLock { $0[place] = product }
    }
    return products.withLock { $0 }.compactMap { $0 }
  }
}
