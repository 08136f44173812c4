internal import Wire

/// The proof that there is nothing between two names (RFC 4034 §4); read only for its type list,
/// where NXNAME says that the name itself does not exist (RFC 9824 §3.1).
struct NSECRecord: Hashable {
  var nextName: DomainName
  var types: Set<RecordType>

  init(nextName: DomainName, types: Set<RecordType>) {
    self.nextName = nextName
    self.types = types
  }

  /// - Throws: `SyntaxError` where the name or a window breaks RFC 4034 §4.1.
  init(rdata: [UInt8]) throws(SyntaxError) {
    var cursor = ByteCursor(rdata)
    nextName = try cursor.takeWireName(compression: .refused)
    types = []
    var lastWindow = -1
    while let window = cursor.next() {
      guard Int(window) > lastWindow else { throw cursor.error(.badValue("type bit maps")) }
      lastWindow = Int(window)
      guard let length = cursor.next(), (1...32).contains(length),
        let bits = cursor.take(count: Int(length))
      else { throw cursor.error(.badValue("type bit maps")) }
      for (place, octet) in bits.enumerated() {
        for bit in 0..<8 where octet & 0x80 >> UInt8(bit) != 0 {
          types.insert(RecordType(rawValue: UInt16(window) << 8 | UInt16(place * 8 + bit)))
        }
      }
    }
  }

  var rdata: [UInt8] {
    var octets = nextName.wire
    let windows = Dictionary(grouping: types) { $0.rawValue >> 8 }
    for (window, types) in windows.sorted(by: { $0.key < $1.key }) {
      var bits = [UInt8](repeating: 0, count: 32)
      for type in types {
        let low = Int(type.rawValue & 0xFF)
        bits[low / 8] |= 0x80 >> UInt8(low % 8)
      }
      let length = (bits.lastIndex { $0 != 0 } ?? 0) + 1
      octets += [UInt8(window), UInt8(length)] + bits[..<length]
    }
    return octets
  }
}
