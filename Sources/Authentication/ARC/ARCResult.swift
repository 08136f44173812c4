public import Wire

/// The Chain Validation Status (RFC 8617 §4.4).
public enum ARCResult: String, Sendable, CaseIterable {
  /// The message carries no ARC set.
  case none
  /// The chain is whole, and its newest AMS and all seals verify (RFC 8617 §5.2).
  case pass
  /// There is a chain, and it does not pass.
  case fail
}

/// Why a chain fails. All such failures are permanent (RFC 8617 §5.2.1).
public enum ARCFailure: Error, Hashable, Sendable {
  /// More sets than 50, or more fields than 50 sets can have.
  case tooManySets
  /// A field whose `i=` is absent, out of bounds or unreadable.
  case badInstance(field: String)
  /// A set without, or with more than, one of each field.
  case incompleteSet(instance: Int)
  /// A field of the chain does not match its grammar.
  case syntax(field: String, instance: Int, SyntaxError)
  /// The newest seal itself says that the chain had failed before.
  case sealedAsFailed(instance: Int)
  /// A `cv=` that its place in the chain does not allow.
  case wrongStatus(instance: Int)
  /// An AMS that covers seals (§4.1.2).
  case coversSeal(instance: Int)
  /// The newest AMS does not verify.
  case messageSignature(instance: Int, DKIMFailure)
  /// A seal does not verify.
  case seal(instance: Int, DKIMFailure)
}

extension ARCFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooManySets: "more than 50 ARC sets"
    case .badInstance(let field): "\(field) without a usable i="
    case .incompleteSet(let instance): "set \(instance) has not one of each field"
    case .syntax(let field, let instance, let error): "\(field) \(instance): \(error)"
    case .sealedAsFailed(let instance): "seal \(instance) says cv=fail"
    case .wrongStatus(let instance): "seal \(instance) has a cv= that is not allowed there"
    case .coversSeal(let instance): "AMS \(instance) covers ARC-Seal fields"
    case .messageSignature(let instance, let failure): "AMS \(instance): \(failure)"
    case .seal(let instance, let failure): "seal \(instance): \(failure)"
    }
  }

  /// The rule that decided.
  public var cites: String {
    switch self {
    case .tooManySets, .badInstance: "RFC 8617 §4.2.1"
    case .incompleteSet, .sealedAsFailed, .wrongStatus, .messageSignature, .seal: "RFC 8617 §5.2"
    case .syntax: "RFC 8617 §4.1"
    case .coversSeal: "RFC 8617 §4.1.2"
    }
  }
}

/// What became of the chain that a message carries.
public struct ARCVerdict: Hashable, Sendable {
  /// The state of the chain (RFC 8617 §5.2).
  public var result: ARCResult
  /// Why the chain does not pass.
  public var failure: ARCFailure?
  /// The highest instance found; 0 where there is no chain.
  public var instances = 0
  /// §5.2 step 5: 0 where every AMS still verifies, else the lowest instance down to which all do;
  /// nil unless the chain passes. Nobody changed the message since that instance sealed it.
  public var oldestPass: Int?
  /// `d=` of each seal that could be read, the first instance first.
  public var sealers: [DomainName] = []
  /// `s=` of the same seals.
  var selectors: [DomainName] = []
  /// Whether the newest AMS covers every From field. If not, anybody may have rewritten the
  /// author since, and the chain vouches for none (RFC 6376 §5.4).
  public var coversAuthor = false
  /// What each sealer said it saw (ARC-Authentication-Results), by instance; believed only as far
  /// as the sealer is.
  public var testimonies: [AuthenticationTestimony] = []
  /// Each step of the validation, in order.
  public var evidence: [Evidence] = []
  /// The keys of message signatures whose hashes do not agree, by instance, so that a diagnosis
  /// need not ask for them again.
  var failedKeys: [Int: DKIMKeyRecord] = [:]

  init(_ result: ARCResult) { self.result = result }

  /// The domain of the newest seal.
  public var lastSealer: DomainName? { sealers.last }
}

/// An ARC-Authentication-Results field (RFC 8617 §4.1.1).
public struct AuthenticationTestimony: Hashable, Sendable {
  /// The set it stands in: `i=` (RFC 8617 §4.2.1).
  public let instance: Int
  /// What follows `i=N;` as received, on one line.
  public let text: String
}
