import Foundation
import HeadwayFiles
import HeadwayTestSupport
import Testing

@Suite struct GitCheckoutTests {
  private static let first = String(repeating: "1", count: 40)
  private static let second = String(repeating: "2", count: 40)

  @Test func theBranchOfTheNearestCheckoutCounts() throws {
    let place = try TemporaryDirectory()
    try place.write("ref: refs/heads/main\n", to: "a/.git/HEAD")
    try place.write(Self.first + "\n", to: "a/.git/refs/heads/main")
    try place.write("", to: "a/b/c/file")
    #expect(GitCheckout.commit(at: place.path("a/b/c")) == Self.first)
    #expect(GitCheckout.commit(at: place.path("a")) == Self.first)

    try place.write(Self.second + "\n", to: "a/b/.git/HEAD")
    #expect(GitCheckout.commit(at: place.path("a/b/c")) == Self.second, "a commit without a branch")
  }

  @Test func packedBranchesAndWorktreesAreFound() throws {
    let place = try TemporaryDirectory()
    try place.write("ref: refs/heads/old\n", to: "a/.git/HEAD")
    try place.write(
      "# pack-refs\n\(Self.first) refs/heads/old\n\(Self.second) refs/heads/new\n", to: "a/.git/packed-refs")
    #expect(GitCheckout.commit(at: place.path("a")) == Self.first)

    try place.write("gitdir: \(place.path("a/.git/worktrees/w"))\n", to: "w/.git")
    try place.write("ref: refs/heads/new\n", to: "a/.git/worktrees/w/HEAD")
    try place.write("../..\n", to: "a/.git/worktrees/w/commondir")
    #expect(GitCheckout.commit(at: place.path("w")) == Self.second)
  }

  @Test func aBranchWithoutACommitHasNone() throws {
    let place = try TemporaryDirectory()
    try place.write("ref: refs/heads/main\n", to: "a/.git/HEAD")
    #expect(GitCheckout.commit(at: place.path("a")) == nil)
  }
}
