internal import Mail
internal import Wire

/// The three fields that one sealer adds (RFC 8617 §4.2), and the chain that they form.
struct ARCSet: Sendable {
  let instance: Int
  let authenticationResults: HeaderField
  let messageSignatureField: HeaderField
  let messageSignature: MessageSignature
  let sealField: HeaderField
  let seal: ARCSeal

  static let authenticationResultsName = "arc-authentication-results"
  static let messageSignatureName = "arc-message-signature"
  static let sealName = "arc-seal"
  static let maximumInstance = 50

  /// Reads every set of a message, the first instance first (§5.2 steps 1 and 3).
  ///
  /// - Throws: `ARCFailure` naming what makes the structure invalid.
  static func chain(in header: MessageHeader) throws(ARCFailure) -> [ARCSet] {
    let results = try byInstance(authenticationResultsName, header) { ARCInstance(leading: $0) }
    let signatures = try byInstance(messageSignatureName, header) { ARCInstance(tagIn: $0) }
    let seals = try byInstance(sealName, header) { ARCInstance(tagIn: $0) }
    let count = max(results.count, signatures.count, seals.count)
    var sets: [ARCSet] = []
    for instance in 0..<count {
      guard let result = results[instance + 1], let signature = signatures[instance + 1],
        let seal = seals[instance + 1]
      else { throw .incompleteSet(instance: instance + 1) }
      sets.append(try ARCSet(instance + 1, result, signature, seal, header))
    }
    return sets
  }

  /// The fields of one name by their `i=`, which must not repeat.
  private static func byInstance(
    _ name: String, _ header: MessageHeader, _ instance: (ArraySlice<UInt8>) -> ARCInstance?
  ) throws(ARCFailure) -> [Int: HeaderField] {
    let fields = header.fields(named: name)
    guard fields.count <= maximumInstance else { throw .tooManySets }
    var found: [Int: HeaderField] = [:]
    for field in fields {
      guard let instance = instance(header.value(of: field)) else {
        throw .badInstance(field: name)
      }
      guard found.updateValue(field, forKey: instance.number) == nil else {
        throw .incompleteSet(instance: instance.number)
      }
    }
    return found
  }

  private init(
    _ instance: Int, _ results: HeaderField, _ signature: HeaderField, _ seal: HeaderField,
    _ header: MessageHeader
  ) throws(ARCFailure) {
    self.instance = instance
    authenticationResults = results
    messageSignatureField = signature
    sealField = seal
    do {
      let octets = Array(header.value(of: signature))
      messageSignature = try MessageSignature(try TagList(parsing: octets), end: octets.count)
    } catch {
      throw .syntax(field: Self.messageSignatureName, instance: instance, error)
    }
    do {
      self.seal = try ARCSeal(parsing: header.value(of: seal))
    } catch {
      throw .syntax(field: Self.sealName, instance: instance, error)
    }
    if messageSignature.signedFields.contains(Self.sealName) {
      throw .coversSeal(instance: instance)
    }
  }
}

/// The number of a set (RFC 8617 §4.2.1): 1 to 50.
struct ARCInstance: Hashable, Sendable {
  let number: Int

  private init?(_ digits: ArraySlice<UInt8>) {
    guard (1...2).contains(digits.count), digits.allSatisfy(\.isDigit), digits.first != 0x30,
      let number = Int(digits.text), (1...ARCSet.maximumInstance).contains(number)
    else { return nil }
    self.number = number
  }

  /// From the `i=` of a tag list. A list that cannot be read as a whole has none.
  init?(tagIn fieldValue: ArraySlice<UInt8>) {
    guard let tags = try? TagList(parsing: Array(fieldValue)), let tag = tags["i"] else {
      return nil
    }
    self.init(tag.value)
  }

  /// From `i=N;` at the start of an ARC-Authentication-Results field.
  init?(leading fieldValue: ArraySlice<UInt8>) {
    guard let end = Self.end(in: fieldValue) else { return nil }
    var cursor = ByteCursor(Array(fieldValue[..<end]))
    cursor.skipFoldingWhitespace()
    guard cursor.take(UInt8(ascii: "i")) else { return nil }
    cursor.skipFoldingWhitespace()
    guard cursor.take(.equals) else { return nil }
    let rest = cursor.bytes[cursor.offset...]
    self.init(rest.trimmingFoldingWhitespace)
  }

  /// Where the semicolon stands that ends `i=N`.
  static func end(in fieldValue: ArraySlice<UInt8>) -> Int? {
    fieldValue.prefix(1000).firstIndex(of: .semicolon)
  }
}
