import Wire

@Sendable func fuzzDomainName(_ input: [UInt8]) {
  let names = [
    reading(input) { () throws(SyntaxError) in try DomainName(parsing: input) },
    reading(input) { () throws(SyntaxError) in try DomainName(parsing: input, finalDot: true) },
    reading(input) { () throws(SyntaxError) in try DomainName(anyOctets: input) },
    reading(input) { () throws(SyntaxError) in
      try DomainName(presentation: input, origin: .root)
    },
  ]
  for name in names.compactMap(\.self) { checkName(name) }
  if let name = names[0] {
    let text = name.description
    requireEqual(
      rereading(text) { () throws(SyntaxError) in try DomainName(parsing: text) }, name,
      "a domain is read as printed")
  }
}

private func checkName(_ name: DomainName) {
  require(name.wire.count <= DomainName.maximumWireLength, "a name is too long")
  require(
    name.labels.allSatisfy { (1...DomainName.maximumLabelLength).contains($0.count) },
    "a label's length")
  requireEqual(name.labels.count, name.labelCount, "labels are counted")
  let text = name.description
  let again = rereading(text) { () throws(SyntaxError) in
    try DomainName(presentation: Array(text.utf8), origin: .root)
  }
  requireEqual(again, name, "a name is read as printed")
  require(
    text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"();".utf8.contains($0) },
    "a printed name is plain: \(text)")
  for count in 0...name.labelCount {
    require(name.isAtOrBelow(name.suffix(labels: count)), "a name is below its suffix")
  }
  if let parent = name.parent { requireEqual(parent.labelCount, name.labelCount - 1, "parent") }
}

@Sendable func fuzzIPAddress(_ input: [UInt8]) {
  if let address = reading(input, { () throws(SyntaxError) in try IPAddress(parsing: input) }) {
    let text = address.description
    requireEqual(
      rereading(text) { () throws(SyntaxError) in try IPAddress(parsing: text) }, address,
      "an address is read as printed")
    requireEqual(IPAddress(octets: address.octets), address, "an address is its octets")
    checkName(address.reverseName)
    require(address.unmapped.unmapped == address.unmapped, "unmapped once")
  }
  let text = String(decoding: input, as: UTF8.self)
  let network = reading(Array(text.utf8)) { () throws(SyntaxError) in
    try IPNetwork(parsing: text)
  }
  guard let network else { return }
  require(network.contains(network.address), "a network holds its address")
  let printed = network.description
  requireEqual(
    rereading(printed) { () throws(SyntaxError) in try IPNetwork(parsing: printed) }, network,
    "a network is read as printed")
}

@Sendable func fuzzBase64(_ input: [UInt8]) {
  let encoded = Array(Base64.encode(input).utf8)
  for form in [Base64.Form.strict, .ignoringWhitespace] {
    requireEqual(try? Base64.decode(encoded, form), input, "decoded as encoded")
  }
  let strict = reading(input) { () throws(SyntaxError) in try Base64.decode(input, .strict) }
  let loose = reading(input) { () throws(SyntaxError) in
    try Base64.decode(input, .ignoringWhitespace)
  }
  guard let strict else { return }
  requireEqual(Array(Base64.encode(strict).utf8), input, "one octet string, one text")
  requireEqual(loose, strict, "strict text, loosely read")
}

@Sendable func fuzzTagList(_ input: [UInt8]) {
  let list = reading(input) { () throws(SyntaxError) in try TagList(parsing: input) }
  guard let list else { return }
  require(!list.tags.isEmpty, "a list has a tag")
  var end = 0
  var printed: [UInt8] = []
  for tag in list.tags {
    require(tag.offset >= end, "tags stand in order")
    requireInside(tag.valueRange, tag.offset..<input.count, "a tag's value")
    end = tag.valueRange.upperBound
    require(input[tag.offset...].starts(with: tag.name.utf8), "the name stands at its offset")
    requireEqual(
      input[tag.valueRange].trimmingFoldingWhitespace, tag.value, "the value stands in its range")
    requireEqual(list[tag.name]?.offset, tag.offset, "a tag is found by its name")
    printed += Array(tag.name.utf8) + [.equals] + tag.value + [.semicolon]
  }
  let again = rereading(printed.text) { () throws(SyntaxError) in try TagList(parsing: printed) }
  requireEqual(again.tags.map(\.name), list.tags.map(\.name), "names are read as printed")
  requireEqual(
    again.tags.map(\.value).map(Array.init), list.tags.map(\.value).map(Array.init), "values")
}
