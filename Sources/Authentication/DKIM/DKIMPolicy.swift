/// What a verifier accepts beyond what the standard decides.
public struct DKIMPolicy: Hashable, Sendable {
  /// Signatures looked at, from the top down; the others are `policy`. Each may cost a look-up
  /// and a public-key operation, so their number must be bounded.
  public var maximumSignatures = 20
  /// How far clocks may differ, in seconds, when `t=` and `x=` are compared.
  public var clockSkew: UInt64 = 300
  /// Whether a signature that leaves a part of the body unsigned may pass (`l=`, RFC 6376 §8.2).
  public var acceptsPartialBody = false

  /// The defaults.
  public init() {}
}
