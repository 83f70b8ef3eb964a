import HeadwayServe
import Testing

/// Which names a server goes by.
@Suite struct HostRuleTests {
  @Test(arguments: [
    "127.0.0.1", "127.0.0.1:8717", "localhost", "LocalHost:1", "[::1]", "[::1]:8717", "127.8.9.10",
  ])
  func thisMachine(host: String) {
    #expect(HostRule(listeningAt: "127.0.0.1").allows(host))
    #expect(HostRule(listeningAt: "0.0.0.0").allows(host))
  }

  @Test(arguments: [
    "evil.example", "evil.example:8717", "localhost.evil.example", "127.0.0.1.evil.example", "localhost.", "",
    "127.0.0.1:80:80", "127.0.0.1:x", "[::1", "[::1]x", "[evil]", "192.168.1.4", "0.0.0.0", "127.evil",
    "::1:x",
    "127.0.0.1@evil.example", "localhost/..", "127.0.0.1\0",
  ])
  func othersAtTheLoopback(host: String) {
    #expect(!HostRule(listeningAt: "127.0.0.1").allows(host), "\(host)")
    #expect(!HostRule(listeningAt: "localhost").allows(host), "\(host)")
  }

  @Test func noNameAtAll() { #expect(!HostRule(listeningAt: "127.0.0.1").allows(nil)) }

  @Test func elsewhereAddressesAndTheNameThatWasAskedFor() {
    for rule in [
      HostRule(listeningAt: "0.0.0.0"), HostRule(listeningAt: "box.lan"), HostRule(listeningAt: "::"),
    ] {
      #expect(rule.allows("192.168.1.4:8717") && rule.allows("[fe80::1]:8717") && rule.allows("localhost"))
      #expect(!rule.allows("evil.example:8717"))
    }
    #expect(HostRule(listeningAt: "Box.lan").allows("box.LAN:8717"))
  }
}
