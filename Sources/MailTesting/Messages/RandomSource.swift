/// Pseudo-random numbers from a seed (SplitMix64), so that a failure can be repeated.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Cuts octets into pieces of random length, empty ones among them.
  public mutating func pieces(of octets: [UInt8], upTo longest: Int) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < octets.count {
      let end = min(octets.count, start + Int.random(in: 0...longest, using: &self))
      pieces.append(Array(octets[start..<end]))
      start = end
    }
    return pieces
  }
}
