internal import Synchronization
internal import Wire

/// The keys that were read last. Few keys sign most mail, and to read an RSA key costs half as much
/// as to verify with it.
///
/// A key is found by the octets of its record, all of them: what DNS says is asked again for each
/// message, and a record that has changed is another record. The number of keys is bounded, and so
/// is their length.
final class DKIMKeyCache: Sendable {
  /// Records of this many octets are kept: one with a key of 8192 bits has 1,500.
  static let maximumLength = 4096
  /// How many keys are kept, of those used last; up to as many others beside them.
  static let defaultCapacity = 500

  private struct State {
    /// Added or used since the two changed places.
    var recent: [RecordText: DKIMKey] = [:]
    var earlier: [RecordText: DKIMKey] = [:]
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int = defaultCapacity) { self.capacity = max(1, capacity) }

  /// The key of a record.
  ///
  /// - Throws: `SyntaxError` of the record, which is read anew each time.
  func key(_ text: [UInt8]) throws(SyntaxError) -> DKIMKey {
    let place = RecordText(octets: text)
    if let known = state.withLock({ $0.recent[place] }) { return known }
    guard text.count <= Self.maximumLength else { return try DKIMKey(parsing: text) }
    let key: DKIMKey
    if let earlier = state.withLock({ $0.earlier[place] }) {
      key = earlier
    } else {
      key = try DKIMKey(parsing: text)
    }
    state.withLock { state in
      if state.recent.count >= capacity {
        state.earlier = state.recent
        state.recent = [:]
      }
      state.recent[place] = key
    }
    return key
  }

  /// How many are kept.
  var count: Int {
    state.withLock { state in
      state.recent.count + state.earlier.keys.count { state.recent[$0] == nil }
    }
  }
}

/// A record's octets, hashed as a whole: an array would hash them one by one.
private struct RecordText: Hashable {
  let octets: [UInt8]

  func hash(into hasher: inout Hasher) {
    unsafe octets.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}
