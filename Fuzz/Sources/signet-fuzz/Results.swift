import Authentication
import Mail
import Wire

@Sendable func fuzzAuthenticationResults(_ input: [UInt8]) {
  let strict = reading(input) { () throws(SyntaxError) in
    try AuthenticationResults(parsing: input)
  }
  let inUse = reading(input) { () throws(SyntaxError) in
    try AuthenticationResults(parsing: input, .asInUse)
  }
  if let strict {
    requireEqual(inUse, strict, "what a field says by RFC 8601 it says as in use")
    require(
      AuthenticationResults.claims(authservID: strict.authservID, in: input),
      "a field claims its own identifier")
    checkPrinting(strict)
  }
  if let inUse { checkPrinting(inUse) }
  checkRemoval(input)
}

private func checkPrinting(_ results: AuthenticationResults) {
  for allowingUTF8 in [false, true] {
    let texts = [true, false].map {
      results.fieldValue(folded: $0, allowingUTF8: allowingUTF8)
    }
    let printed = texts.map { text in
      rereading(text) { () throws(SyntaxError) in
        try AuthenticationResults(parsing: text.utf8)
      }
    }
    requireEqual(printed[0], printed[1], "folds change nothing")
    requireEqual(
      printed[0].results.count, results.results.count, "as many results as before")
    requireEqual(
      printed[0].results.map(\.properties.count), results.results.map(\.properties.count),
      "as many properties as before")
    requireEqual(
      printed[0].fieldValue(allowingUTF8: allowingUTF8), texts[0], "printed as read as printed")
    require(
      texts[0].utf8.split(separator: .lineFeed).allSatisfy { $0.count <= 999 }, "a long line")
  }
}

/// Removal never takes the wrong field, and leaves none that claims to be ours.
private func checkRemoval(_ input: [UInt8]) {
  let lines = input.split(separator: .lineFeed)
  let identifier = lines.first?.prefix { $0 != .semicolon }.trimmingFoldingWhitespace.text ?? ""
  let fields = lines.prefix(20).enumerated().map { index, line in
    (name: index % 3 == 1 ? "Received" : "authentication-Results ", value: Array(line))
  }
  let removed = AuthenticationResults.indicesToRemove(in: fields, authservID: identifier)
  requireEqual(removed, removed.sorted(by: >), "the last first")
  for (index, field) in fields.enumerated() where !removed.contains(index) {
    require(
      field.name == "Received"
        || !AuthenticationResults.claims(authservID: identifier, in: field.value),
      "field \(index) claims to be ours")
  }
}
