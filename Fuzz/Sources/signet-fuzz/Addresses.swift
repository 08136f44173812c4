import Mail
import Wire

@Sendable func fuzzAddress(_ input: [UInt8]) {
  let list = reading(input) { () throws(SyntaxError) in try AddressList(parsing: input) }
  for mailbox in list?.mailboxes ?? [] { checkMailbox(mailbox) }
  let mailbox = reading(input) { () throws(SyntaxError) in try Mailbox(parsing: input) }
  if let mailbox {
    requireEqual(list?.mailboxes, [mailbox], "a mailbox is a list of one")
  }
  if let lone = LoneAddress(in: input) {
    checkMailbox(lone.mailbox)
    if let list {
      requireEqual(
        list.mailboxes.map(\.address), [lone.mailbox.address], "both grammars see one address")
    }
  }
  checkPath(input)
  let text = input.text
  _ = EncodedWord.decodeEverywhere(text)
  checkShown(text)
}

private func checkMailbox(_ mailbox: Mailbox) {
  let text = mailbox.address.description
  let again = rereading(text) { () throws(SyntaxError) in try Mailbox(parsing: text.utf8) }
  requireEqual(again.address, mailbox.address, "an address is read as printed")
  checkShown(mailbox.displayName ?? "")
  _ = mailbox.displayNameAddress
  _ = mailbox.displayNameAddresses
}

private func checkPath(_ input: [UInt8]) {
  let path = reading(input) { () throws(SyntaxError) in try ReversePath(parsing: input) }
  guard let path else { return }
  let text = path.description
  requireEqual(
    rereading(text) { () throws(SyntaxError) in try ReversePath(parsing: text) }, path,
    "a path is read as printed")
}

/// What is shown to people holds nothing that changes how its neighbours are shown.
private func checkShown(_ text: String) {
  let shown = text.escapingControls
  require(!shown.unicodeScalars.contains(where: \.isInvisible), "invisible: \(shown)")
  requireEqual(shown.escapingControls, shown, "escaped once")
}
