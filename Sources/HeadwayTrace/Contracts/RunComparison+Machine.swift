extension MachineFacts {
  /// What makes it this machine for a comparison of times, in a line: two machines with the same fingerprint may be
  /// compared, others never. What could not be read stands as `unknown`, which equals only itself.
  public var fingerprint: String {
    identity.map { fact in fact.value.map(fact.words) ?? "\(fact.name) unknown" }.joined(separator: ", ")
  }

  /// The facts of the fingerprint that are not the same.
  public func identityDifferences(from other: MachineFacts) -> [NamedDifference] {
    zip(identity, other.identity).compactMap { own, other in
      own.value == other.value
        ? nil : NamedDifference(name: own.name, base: own.value, candidate: other.value)
    }
  }

  private var identity: [(name: String, value: String?, words: (String) -> String)] {
    [
      ("processor", processor, { $0 }), ("architecture", architecture, { $0 }),
      ("CPUs online", String(onlineCpus), { "\($0) CPUs online" }),
      ("usable CPUs", String(usableCpus), { "\($0) usable" }), ("kernel", kernel, { "kernel \($0)" }),
      // A machine without a hypervisor and one whose hypervisor cannot be told look the same.
      ("hypervisor", hypervisor ?? "none seen", { "hypervisor \($0)" }),
    ]
  }
}
