import HeadwayTrace

/// The probe that measures nothing: every call is empty and inlined away, so that a program that is
/// generic over its probe pays nothing for being measurable.
public struct NullProbe: Probe {
  /// The handle that measures nothing.
  public struct Handle: ThreadProbe, Sendable {
    /// Nothing is kept.
    @inlinable public static var isRecording: Bool { false }
    /// A handle; all are alike.
    @inlinable public init() {}
    /// A constant.
    @inlinable public func now() -> Ticks { Ticks(0) }
    /// Nothing.
    @inlinable public func enter(_ state: StateID) {}
    /// Nothing.
    @inlinable public func leave() {}
    /// Nothing.
    @inlinable public func crossed(
      _ site: SiteID, generation: UInt32, arrival: Ticks, release: Ticks, departure: Ticks, wasLast: Bool
    ) {}
    /// Nothing.
    @inlinable public func waited(_ site: SiteID, from start: Ticks, to end: Ticks) {}
    /// Nothing.
    @inlinable public func complete(tasks: Int, tokens: Int) {}
    /// Nothing.
    @inlinable public func advance() {}
    /// Nothing.
    @inlinable public func step(_ index: Int, from start: Ticks) {}
    /// A constant.
    @inlinable public func begin() -> Ticks { Ticks(0) }
    /// Nothing.
    @inlinable public func span(_ state: StateID, from start: Ticks) {}
  }

  /// A probe; all are alike.
  @inlinable public init() {}
  /// A constant.
  @inlinable public func state(_ definition: StateDefinition) -> StateID { StateID(0) }
  /// A constant.
  @inlinable public func site(_ definition: SiteDefinition) -> SiteID { SiteID(0) }
  /// A handle that measures nothing.
  @inlinable public func register(name: String, role: ThreadRole) -> Handle { Handle() }
  /// Nothing.
  @inlinable public func retire(_ handle: Handle) {}
  /// Nothing.
  @inlinable public func openWindow() {}
  /// Nothing.
  @inlinable public func closeWindow() {}
}
