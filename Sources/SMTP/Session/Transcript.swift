internal import Wire

/// What both sides said, for people: bounded, and without secrets or message content.
public struct Transcript: Hashable, Sendable {
  /// One line.
  public struct Entry: Hashable, Sendable {
    /// Who spoke.
    public enum Speaker: Hashable, Sendable {
      case client
      case server
      /// Neither: what happened to the connection.
      case note
    }

    public let speaker: Speaker
    /// Whether TLS was on.
    public let isEncrypted: Bool
    /// Without its line end; control characters are shown as `\xHH`.
    public let text: String
  }

  /// In their order.
  public private(set) var entries: [Entry] = []
  /// Whether there was more than is kept.
  public private(set) var isTruncated = false
  private var room: Int

  /// A transcript that keeps lines until `limit` octets are full.
  package init(limit: Int) { room = limit }

  package mutating func add(_ speaker: Entry.Speaker, _ text: String, isEncrypted: Bool) {
    // What a line costs beyond its text: nobody fills the memory with empty ones.
    let cost = text.utf8.count + 32
    guard !isTruncated, cost <= room else {
      isTruncated = true
      return
    }
    room -= cost
    entries.append(Entry(speaker: speaker, isEncrypted: isEncrypted, text: text))
  }

  package mutating func add(_ reply: SMTPReply, isEncrypted: Bool) {
    for (index, text) in reply.texts.enumerated() {
      let separator = index + 1 == reply.lines.count ? " " : "-"
      add(.server, "\(reply.code)\(separator)\(text)", isEncrypted: isEncrypted)
    }
  }
}
