extension String {
  /// The text with ordinary spaces where a page keeps a number and its unit on one line.
  public var withPlainSpaces: String { replacing("\u{A0}", with: " ") }
}
