internal import Mail
internal import Wire

/// Which header fields a signature covers, and of which it says that there are no more
/// (`h=`, RFC 6376 §5.4).
///
///     h=from:from:to:to:cc:reply-to:subject:subject:date:date
///
/// A field is named as often as it occurs. Named once more than that, it cannot be added behind
/// the signer's back (§5.4, §8.15): "guarded". A field is
///
/// - guarded always where readers see it or take the message apart by it, and no honest program on
///   the way adds one;
/// - guarded where present where an honest program may add a missing one (RFC 6409 §8, RFC 5322
///   §3.6: Date and Message-ID; a list: Sender);
/// - signed as it is where lists may add their own (RFC 2369, RFC 2919) but one-click unsubscribing
///   wants a signature (RFC 8058 §4);
/// - never signed where it belongs to the transport (Received, Return-Path, Delivered-To, Bcc), is
///   another's word that receivers take away (Authentication-Results, ARC), may be reordered
///   (DKIM-Signature, §5.4) or is free for all (Comments, Keywords, X-…).
public struct SignedFieldChoice: Hashable, Sendable {
  /// Named once more than they occur, also where there is none.
  public var guarded: [String]
  /// Named once more than they occur, where there is any.
  public var guardedIfPresent: [String]
  /// Named as often as they occur.
  public var signedIfPresent: [String]
  /// Exactly these names in this order, instead of all else.
  package var exactly: [String]?

  /// The default, with the reasons above.
  public static let standard = SignedFieldChoice()

  private init() {
    guarded = [
      "from", "reply-to", "subject", "to", "cc", "in-reply-to", "references", "mime-version",
      "content-type", "content-transfer-encoding",
    ]
    guardedIfPresent = [
      "sender", "date", "message-id", "content-id", "content-description", "content-disposition",
      "content-language", "autocrypt",
    ]
    signedIfPresent = [
      "list-id", "list-help", "list-unsubscribe", "list-unsubscribe-post", "list-subscribe",
      "list-post", "list-owner", "list-archive",
    ]
  }

  /// Exactly these names in this order.
  package static func exactly(_ names: [String]) -> SignedFieldChoice {
    var choice = SignedFieldChoice()
    choice.exactly = names
    return choice
  }

  /// How many names `h=` may hold. A message with more fields than this is no ordinary mail.
  public static let maximumNames = 500

  /// What `h=` says for this header; nil where it would hold more than 500 names.
  func names(for header: MessageHeader) -> [String]? {
    if let exactly { return exactly }
    var names: [String] = []
    func append(_ name: String, count: Int) -> Bool {
      guard count <= Self.maximumNames - names.count else { return false }
      names += Array(repeating: name, count: count)
      return true
    }
    for name in guarded {
      guard append(name, count: header.indices(of: name).count + 1) else { return nil }
    }
    for name in guardedIfPresent {
      let count = header.indices(of: name).count
      guard append(name, count: count == 0 ? 0 : count + 1) else { return nil }
    }
    for name in signedIfPresent {
      guard append(name, count: header.indices(of: name).count) else { return nil }
    }
    return names
  }
}
