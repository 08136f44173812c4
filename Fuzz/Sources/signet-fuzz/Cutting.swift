/// Numbers that depend on the input alone, so that a reproducer reproduces.
struct InputRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ octets: [UInt8]) {
    state = octets.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Ways of cutting a message: nearly at random, with empty pieces; and in single octets.
func cuttings(of octets: [UInt8]) -> [[[UInt8]]] {
  var random = InputRandom(octets)
  var pieces: [[UInt8]] = []
  var start = 0
  while start < octets.count {
    let count = min(
      Int.random(in: 0...(Bool.random(using: &random) ? 3 : 200), using: &random),
      octets.count - start)
    pieces.append(Array(octets[start..<(start + count)]))
    start += count
  }
  return octets.count > 2000 ? [pieces] : [pieces, octets.map { [$0] }]
}
