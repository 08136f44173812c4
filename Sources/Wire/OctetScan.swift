/// Searches sixteen octets at a time: most octets of most messages are only passed over.
extension ArraySlice<UInt8> {
  /// The place of the first octet, from `start` on, that is looked for; the end where none is.
  ///
  /// - Parameters:
  ///   - start: from the slice's start to its end.
  ///   - isFound: says it of each of sixteen octets, given also the octet behind each. Behind the
  ///     last octet of the slice stands a blank.
  @inlinable package func firstPlace(
    from start: Int,
    where isFound: (_ here: SIMD16<UInt8>, _ next: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>
  ) -> Int {
    let octets: ArraySlice<UInt8> = self[start...]
    return unsafe octets.withUnsafeBytes { octets in
      var index = 0
      while index + 17 <= octets.count {
        let found = unsafe isFound(octets.sixteen(at: index), octets.sixteen(at: index + 1))
        if any(found) { return start + index + found.firstLane }
        index += 16
      }
      // At most sixteen are left. Those put behind them count for nothing.
      var rest = SIMD32<UInt8>(repeating: .blank)
      let found = unsafe Swift.withUnsafeMutableBytes(of: &rest) { rest -> SIMDMask<SIMD16<Int8>> in
        unsafe rest.copyBytes(from: octets[index...])
        let filled = UnsafeRawBufferPointer(rest)
        return unsafe isFound(filled.sixteen(at: 0), filled.sixteen(at: 1))
      }
      return start + Swift.min(index + found.firstLane, octets.count)
    }
  }
}

extension UnsafeRawBufferPointer {
  @inlinable @inline(__always)
  func sixteen(at index: Int) -> SIMD16<UInt8> {
    unsafe loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
  }
}

extension SIMDMask<SIMD16<Int8>> {
  /// The first lane that is set; 16 where none is.
  @inlinable var firstLane: Int {
    let halves = unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self)
    let low = UInt64(littleEndian: halves.x)
    if low != 0 { return low.trailingZeroBitCount / 8 }
    return 8 + UInt64(littleEndian: halves.y).trailingZeroBitCount / 8
  }
}

extension SIMD16<UInt8> {
  /// Sixteen times the same octet.
  @inlinable package static func all(_ octet: UInt8) -> Self { Self(repeating: octet) }
}
