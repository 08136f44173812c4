internal import Mail
internal import Wire

/// Content-Type and its like written in another way: quotes, cases, blanks, order, parameters
/// added.
struct ParameterGuesses {
  private let field: SignedField
  private let text: String
  private let form: DKIMCanonicalization

  init(_ field: SignedField, _ form: DKIMCanonicalization) {
    self.field = field
    self.form = form
    text = field.unfolded.text
  }

  /// Parameters that may be put in another order; more have too many orders.
  private static let maximumParameters = 6

  var all: [FieldGuess] {
    let parts = text.split(separator: ";").map {
      Array($0.utf8)[...].trimmingFoldingWhitespace.text
    }
    guard let type = parts.first, parts.count <= Self.maximumParameters + 1 else { return [] }
    let parameters = parts.dropFirst().compactMap { part -> (String, String)? in
      let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2 else { return nil }
      return (halves[0], halves[1].filter { $0 != "\"" })
    }
    var ways: [String] = []
    for order in orders(parameters) {
      for type in [type, type.lowercased()] {
        for separator in separators {
          for style in Style.allCases {
            let written = ([type] + order.map(style.write)).joined(separator: separator)
            if written != text, !ways.contains(written) { ways.append(written) }
          }
        }
      }
    }
    return ways.enumerated().map { index, way in
      FieldGuess(
        signed: field.with(value: [.blank] + Array(way.utf8)), rank: index < 40 ? 3 : 4,
        finding: TransitFinding(
          .parametersReformatted, field: field.name, text: field.excerpt,
          "\(field.title) was \(Array(way.utf8).excerpt) and became \(field.excerpt)."))
    }
  }

  private var separators: [String] {
    ["; ", ";"] + (form == .simple ? [";\r\n ", ";\r\n\t"] : [])
  }

  /// As they are, turned around, each one moved to the front, each one left out.
  private func orders(_ parameters: [(String, String)]) -> [[(String, String)]] {
    var orders = [parameters, parameters.reversed()]
    for index in parameters.indices {
      var rest = parameters
      let one = rest.remove(at: index)
      orders += [rest, [one] + rest]
    }
    return orders
  }

  private enum Style: CaseIterable {
    case quoted, bare, quotedBoundary, lowerQuoted, lowerBare, upperBare, upperQuoted

    func write(_ name: String, _ value: String) -> String {
      // Only the character set may change its case without changing its meaning.
      let isCharset = name.lowercased() == "charset"
      switch self {
      case .quoted: return "\(name)=\"\(value)\""
      case .bare: return "\(name)=\(value)"
      case .quotedBoundary:
        return name.lowercased() == "boundary" ? "\(name)=\"\(value)\"" : "\(name)=\(value)"
      case .lowerQuoted: return "\(name.lowercased())=\"\(isCharset ? value.lowercased() : value)\""
      case .lowerBare: return "\(name.lowercased())=\(isCharset ? value.lowercased() : value)"
      case .upperBare: return "\(name)=\(isCharset ? value.uppercased() : value)"
      case .upperQuoted: return "\(name)=\"\(isCharset ? value.uppercased() : value)\""
      }
    }
  }
}
