import Testing

@testable import Wire

@Suite("search of octets, sixteen at a time")
struct OctetScanTests {
  private static let letter: UInt8 = 0x61

  /// Every length and place around one, two and three times sixteen, in slices that start anywhere.
  @Test(arguments: [0, 1, 15, 16, 17])
  func findsTheFirst(before: Int) {
    var wrong: [String] = []
    for count in 0...50 {
      for place in 0...count {
        // At `count` there is none; what stands behind the slice does not count.
        var octets = [UInt8](repeating: 0x3A, count: before + count + 20)
        for index in before..<before + count { octets[index] = Self.letter }
        if place < count { octets[before + place] = 0x3A }
        if place + 3 < count { octets[before + place + 3] = 0x3A }
        let slice = octets[before..<before + count]
        let found = slice.firstPlace(from: before) { here, _ in here .== .all(0x3A) }
        if found != before + place { wrong.append("\(place) of \(count)") }
      }
    }
    #expect(wrong.isEmpty)
  }

  /// The octet behind each is given too, a blank behind the last.
  @Test func knowsTheNext() {
    for count in 1...50 {
      for place in 0..<count {
        var octets = [UInt8](repeating: Self.letter, count: count)
        octets[place] = .dot
        let found = octets[...].firstPlace(from: 0) { _, next in next .== .all(.dot) }
        #expect(found == (place == 0 ? count : place - 1))
        let last = octets[...].firstPlace(from: 0) { here, next in
          (here .== .all(place == count - 1 ? .dot : Self.letter)) .& (next .== .all(.blank))
        }
        #expect(last == count - 1)
      }
    }
  }

  @Test func startsWhereItIsTold() {
    let octets: [UInt8] = Array("a:b:c:d:e:f:g:h:i:j:k:l:m:".utf8)
    for start in 0...octets.count {
      let found = octets[...].firstPlace(from: start) { here, _ in here .== .all(.colon) }
      #expect(found == (start >= octets.count ? octets.count : start | 1))
    }
    #expect([UInt8]()[...].firstPlace(from: 0) { here, _ in here .== .all(.blank) } == 0)
  }
}
