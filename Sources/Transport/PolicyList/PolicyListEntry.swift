public import Wire

/// What a STARTTLS Everywhere list says of one mail domain.
///
///     { "mode": "enforce", "mxs": ["mx.example.com", ".example.net"] }
public struct PolicyListEntry: Hashable, Sendable {
  /// What a sender does with a host that does not satisfy the entry.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// It delivers, and logs.
    case testing
    /// It does not deliver there.
    case enforce
  }

  /// How the entry is applied.
  public var mode: Mode
  /// Which names the certificates of the mail servers may show: at least one. `.example.net`
  /// stands for one label below `example.net`, as the list's RULES.md has it; its schema speaks of
  /// any depth, and the narrower reading is the one that a longer name cannot abuse.
  public var mxPatterns: [MXPattern]

  /// An entry of these parts.
  public init(mode: Mode, mxPatterns: [MXPattern]) {
    self.mode = mode
    self.mxPatterns = mxPatterns
  }

  /// An entry whose breach stops mail, or does not.
  public init(isEnforced: Bool, mxPatterns: [MXPattern]) {
    self.init(mode: isEnforced ? .enforce : .testing, mxPatterns: mxPatterns)
  }

  /// Whether mail must not go to hosts that do not satisfy the entry.
  public var isEnforced: Bool { mode == .enforce }

  /// Whether one of the patterns covers `host`.
  public func covers(_ host: DomainName) -> Bool { mxPatterns.contains { $0.covers(host) } }
}
