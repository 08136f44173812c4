import Mail

/// Prints verdicts as they come.
struct VerdictPrinter {
  enum Style { case text, json }

  let style: Style
  let explains: Bool
  let authservID: String

  func show(_ outcome: VerifyOutcome) {
    switch style {
    case .json: showJSON(outcome)
    case .text: showText(outcome)
    }
  }

  private func showJSON(_ outcome: VerifyOutcome) {
    let json = VerdictJSON(outcome: outcome, explains: explains, authservID: authservID)
    // Strings, numbers and containers always encode.
    if let line = try? json.value.line() { Terminal.say(line) }
  }

  private func showText(_ outcome: VerifyOutcome) {
    switch outcome.result {
    case .failure(let failure):
      Terminal.complain("\(outcome.input.shownName): \(failure.reason)")
    case .success(let verdict):
      let text = VerdictText(
        verdict: verdict, explains: explains, showsColour: Terminal.showsColour,
        diagnosis: outcome.diagnosis)
      let name = outcome.input.shownName
      Terminal.say(
        ([Colour.bold.paint(name.escapingControls, if: Terminal.showsColour)] + text.lines + [""])
          .joined(separator: "\n"))
    }
  }
}
