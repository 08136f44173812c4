internal import Crypto
internal import Mail
internal import Wire

/// Looks for the header that was signed: puts other values in the place of signed fields, the
/// likeliest first, and verifies the signature over each.
struct HeaderSearch {
  private let signature: MessageSignature
  private let key: DKIMPublicKey
  private let form: DKIMCanonicalization
  /// The canonical signature field, the end of what is signed.
  private let tail: [UInt8]
  private(set) var work: DiagnosisWork
  private var tried: Set<[UInt8]> = []

  /// How likely a combination of changes must be to be tried: the sum of their ranks.
  private static let maximumRank = 6

  init(_ request: DiagnosisRequest, _ work: DiagnosisWork) {
    signature = request.signature
    key = request.key
    form = signature.headerCanonicalization
    var tail: [UInt8] = []
    form.append(
      signatureField: request.field, of: request.header, without: signature.signatureValueRange,
      to: &tail)
    self.tail = tail
    self.work = work
  }

  /// Goes on with what another search has left of the budget.
  mutating func take(_ work: DiagnosisWork) { self.work = work }

  /// Whether the signature verifies over this header as it is.
  mutating func verifies(_ header: MessageHeader) -> Bool {
    verifies(SignedField.all(signature, header).map { $0.canonical(form) })
  }

  /// The changes of the header that, undone, make the signature verify; nil where none are found.
  mutating func changes(of header: MessageHeader, _ copied: CopiedFields) -> [TransitFinding]? {
    let fields = SignedField.all(signature, header)
    if let changes = changesByCopies(fields, header, copied) ?? changesOfAll(fields) {
      return changes
    }
    let guesses = fields.enumerated().map { index, field in
      FieldGuesses(field, in: header, form, isOnlyOne: !fields.hasOther(than: index)).all
    }
    return search(fields, guesses)
  }

  /// A change that spares no field, or the order of fields.
  private mutating func changesOfAll(_ fields: [SignedField]) -> [TransitFinding]? {
    for (finding, octets) in LayoutGuesses(fields, form).ofAllFields where verifies(octets) {
      return [finding]
    }
    return reordered(fields)
  }

  private mutating func verifies(_ canonical: [[UInt8]]) -> Bool {
    var octets = canonical.flatMap(\.self)
    octets += tail
    let digest = SHA256.hash(octets: octets)
    guard tried.insert(Array(digest)).inserted,
      work.mayVerify(hashing: octets.count)
    else { return false }
    return key.verifies(signature.signature, of: digest)
  }

  // MARK: The signer's copies

  /// Which signed fields differ from the signer's copies.
  func differences(
    _ header: MessageHeader, _ copied: CopiedFields
  ) -> [(field: SignedField, copy: SignedField)] {
    withCopies(SignedField.all(signature, header), copied).compactMap { field, copies in
      guard let copy = copies.first, !copies.contains(where: { isSame($0, field) }) else {
        return nil
      }
      return (field, copy)
    }
  }

  private func isSame(_ one: SignedField, _ other: SignedField) -> Bool {
    one.canonical(form) == other.canonical(form)
  }

  /// Each field with what its copy may have looked like: a blank after the colon is often not
  /// copied.
  private func withCopies(
    _ fields: [SignedField], _ copied: CopiedFields
  ) -> [(SignedField, [SignedField])] {
    var taken: [String: Int] = [:]
    return fields.map { field in
      let count = taken[field.name, default: 0]
      taken[field.name] = count + 1
      let copies = copied.copies(of: field.name)
      guard !copies.isEmpty else { return (field, []) }
      guard count < copies.count else { return (field, [field.absent]) }
      let copy = copies[count]
      let written = field.writtenName ?? copy.writtenName
      return (
        field,
        [[.blank] + copy.value, copy.value].map {
          SignedField(name: field.name, writtenName: written, value: $0)
        }
      )
    }
  }

  private mutating func changesByCopies(
    _ fields: [SignedField], _ header: MessageHeader, _ copied: CopiedFields
  ) -> [TransitFinding]? {
    guard !copied.copies.isEmpty else { return nil }
    let pairs = withCopies(fields, copied)
    for way in 0..<2 {
      let restored = pairs.map { field, copies in
        copies.isEmpty || copies.contains { isSame($0, field) }
          ? field : copies[min(way, copies.count - 1)]
      }
      if verifies(restored.map { $0.canonical(form) }) {
        return names(fields, restored, in: header)
      }
    }
    return nil
  }

  /// The changes from the signed fields to the present ones.
  private func names(
    _ fields: [SignedField], _ signed: [SignedField], in header: MessageHeader
  ) -> [TransitFinding] {
    var named: Set<String> = []
    return fields.indices.compactMap { index in
      let (present, old) = (fields[index], signed[index])
      guard !isSame(present, old), !named.contains(present.name) else { return nil }
      let places = fields.indices.filter { fields[$0].name == present.name }
      if places.count > 1,
        Set(places.map { fields[$0].canonical(form) })
          == Set(places.map { signed[$0].canonical(form) })
      {
        named.insert(present.name)
        return reordering(present, places.count)
      }
      return name(present, old, in: header, isOnlyOne: places.count == 1)
    }
  }

  private func reordering(_ field: SignedField, _ count: Int) -> TransitFinding {
    TransitFinding(
      .fieldsReordered, field: field.name,
      "The \(count) \(field.title) fields stand in another order.")
  }

  /// The name of the change from the signed field to the present one.
  private func name(
    _ present: SignedField, _ signed: SignedField, in header: MessageHeader, isOnlyOne: Bool
  ) -> TransitFinding {
    let guesses = FieldGuesses(present, in: header, form, isOnlyOne: isOnlyOne).all
    let target = signed.canonical(form)
    if let guess = guesses.first(where: { $0.signed.canonical(form) == target }) {
      return guess.finding
    }
    if let now = present.value, let old = signed.value,
      EncodedPhrase.decode(now.text) == EncodedPhrase.decode(old.text)
    {
      return TransitFinding(
        .fieldReencoded, field: present.name, text: present.excerpt,
        "\(present.title) was encoded in another way.")
    }
    let sentence =
      switch (present.value, signed.value) {
      case (nil, let old): "\(present.title) was removed: \((old ?? []).excerpt)."
      case (_, nil): "\(present.title) was added: \(present.excerpt)."
      default: "\(present.title) was \(signed.excerpt) and became \(present.excerpt)."
      }
    let change: TransitChange =
      present.value == nil ? .fieldRemoved : signed.value == nil ? .fieldAdded : .fieldChanged
    return TransitFinding(change, field: present.name, text: present.excerpt, sentence)
  }

  // MARK: Guesses

  /// Tries combinations of guesses, at most one for each field, by the sum of their ranks.
  private mutating func search(
    _ fields: [SignedField], _ guesses: [[FieldGuess]]
  ) -> [TransitFinding]? {
    let present = fields.map { $0.canonical(form) }
    let options = zip(guesses, present).map { guesses, now in
      guesses.map { (rank: $0.rank, canonical: $0.signed.canonical(form), finding: $0.finding) }
        .filter { $0.canonical != now }
    }
    for rank in 1...Self.maximumRank {
      var canonical = present
      if let found = choose(from: 0, rank: rank, options, &canonical) { return found }
      if work.isExhausted { return nil }
    }
    return nil
  }

  private typealias Option = (rank: Int, canonical: [UInt8], finding: TransitFinding)

  private mutating func choose(
    from index: Int, rank: Int, _ options: [[Option]], _ canonical: inout [[UInt8]]
  ) -> [TransitFinding]? {
    if rank == 0 { return verifies(canonical) ? [] : nil }
    for next in index..<max(index, options.count) {
      let present = canonical[next]
      defer { canonical[next] = present }
      for option in options[next] where option.rank <= rank {
        canonical[next] = option.canonical
        if let rest = choose(from: next + 1, rank: rank - option.rank, options, &canonical) {
          return [option.finding] + rest
        }
        if work.isExhausted { return nil }
      }
    }
    return nil
  }

  /// Several fields of one name in another order.
  private mutating func reordered(_ fields: [SignedField]) -> [TransitFinding]? {
    let names = Set(fields.filter { $0.value != nil }.map(\.name)).sorted()
    for name in names {
      let places = fields.indices.filter { fields[$0].name == name && fields[$0].value != nil }
      guard (2...4).contains(places.count) else { continue }
      for order in places.permutations {
        var canonical = fields.map { $0.canonical(form) }
        for (place, from) in zip(places, order) { canonical[place] = fields[from].canonical(form) }
        if verifies(canonical) {
          return [reordering(fields[places[0]], places.count)]
        }
      }
    }
    return nil
  }
}

extension [SignedField] {
  /// Whether another place of the same name stands beside it.
  fileprivate func hasOther(than index: Int) -> Bool {
    indices.contains { $0 != index && self[$0].name == self[index].name }
  }
}

extension [Int] {
  /// Every order of a few places.
  fileprivate var permutations: [[Int]] {
    guard count > 1 else { return [self] }
    return indices.flatMap { index in
      var rest = self
      let first = rest.remove(at: index)
      return rest.permutations.map { [first] + $0 }
    }
  }
}
