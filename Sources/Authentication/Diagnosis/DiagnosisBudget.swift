/// How much work one diagnosis may cost. What stays untried is said.
public struct DiagnosisBudget: Hashable, Sendable {
  /// Octets of a body; a longer one is not examined, its header still is.
  public var maximumBody = 1024 * 1024
  /// Octets of a header section; a longer one is not examined.
  public var maximumHeader = 256 * 1024
  /// Octets of canonical body and header that may be hashed.
  public var hashedOctets = 64 * 1024 * 1024
  /// Restored bodies that may be tried.
  public var bodies = 50_000
  /// Signatures that may be verified; each is one public-key operation.
  public var publicKeyOperations = 1_500

  /// The defaults.
  public init() {}
}

/// What a diagnosis has spent.
struct DiagnosisWork {
  let budget: DiagnosisBudget
  private(set) var hashedOctets = 0
  private(set) var bodies = 0
  private(set) var publicKeyOperations = 0
  private(set) var isExhausted = false

  init(_ budget: DiagnosisBudget) { self.budget = budget }

  /// Whether so many octets may still be hashed; they count from now.
  mutating func mayHash(_ octets: Int) -> Bool {
    guard octets <= budget.hashedOctets - hashedOctets else {
      isExhausted = true
      return false
    }
    hashedOctets += octets
    return true
  }

  /// Whether one more body may be tried, of which so many octets are yet to be hashed.
  mutating func mayTryBody(hashing octets: Int) -> Bool {
    guard bodies < budget.bodies else {
      isExhausted = true
      return false
    }
    bodies += 1
    return mayHash(octets)
  }

  /// Whether one more signature may be verified.
  mutating func mayVerify(hashing octets: Int) -> Bool {
    guard publicKeyOperations < budget.publicKeyOperations else {
      isExhausted = true
      return false
    }
    publicKeyOperations += 1
    return mayHash(octets)
  }
}
