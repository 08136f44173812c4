/// What a verifier accepts beyond what the standard decides.
public struct DKIMPolicy: Hashable, Sendable {
  /// Signatures looked at, from the top down; the others are `policy`. Each may cost a look-up
  /// and a public-key operation, so their number must be bounded.
  public var maximumSignatures = 20
  /// How far clocks may differ, in seconds, when `t=` and `x=` are compared.
  public var clockSkew: UInt64 = 300
  /// Whether a signature that leaves a part of the body unsigned may pass (`l=`, RFC 6376 §8.2).
  public var acceptsPartialBody = false
  /// Whether a signature by a key in test mode (`t=y`) may pass.
  ///
  /// RFC 6376 §3.6.1 wants mail of such a signer treated as unsigned. By default we let the
  /// signature count, as large receivers do: whoever holds the key has signed, and many domains
  /// have left the flag in place for years. False keeps to the letter: it is `policy`, not `pass`.
  public var acceptsTestKeys = true

  /// The defaults.
  public init() {}
}
