import Authentication
import Mail

/// Puts verdicts into words.
struct VerdictPrinter: Sendable {
  enum Style { case text, json }

  /// What is said of one message. Made where the message is verified, so that several are put into
  /// words at once; printed in order.
  struct Answer: Sendable {
    fileprivate(set) var text: String?
    fileprivate(set) var complaint: String?
    let status: ExitStatus

    func show() {
      if let text { Terminal.say(text) }
      if let complaint { Terminal.complain(complaint) }
    }
  }

  let style: Style
  let explains: Bool
  let authservID: String

  func answer(to outcome: VerifyOutcome) -> Answer {
    var answer = Answer(status: outcome.status)
    switch (style, outcome.result) {
    case (.json, _):
      let json = VerdictJSON(outcome: outcome, explains: explains, authservID: authservID)
      answer.text = json.value.line()
    case (.text, .failure(let failure)):
      answer.complaint = "\(outcome.input.shownName): \(failure.reason)"
    case (.text, .success(let verdict)):
      answer.text = text(of: verdict, outcome)
    }
    return answer
  }

  private func text(of verdict: MessageVerdict, _ outcome: VerifyOutcome) -> String {
    let text = VerdictText(
      verdict: verdict, explains: explains, showsColour: Terminal.showsColour,
      diagnosis: outcome.diagnosis)
    let name = outcome.input.shownName.escapingControls
    return ([Colour.bold.paint(name, if: Terminal.showsColour)] + text.lines + [""])
      .joined(separator: "\n")
  }
}
