extension Transit {
  /// What list and mail servers do, all of it at once.
  static let lists: [Transit] = [
    Transit(
      "Mailman 2: prefix and footer", ["subject-tagged"],
      alsoRight: [
        "footer-appended", "wrapped-in-multipart", "part-added", "part-reencoded",
      ]
    ) { listed(mailmanFooter($0)) },
    Transit(
      "Mailman 3: prefix, footer, munged From", ["subject-tagged", "from-rewritten"],
      alsoRight: [
        "footer-appended", "wrapped-in-multipart", "part-added", "part-reencoded", "field-added",
      ]
    ) { munged($0).map { listed(mailmanFooter($0)) } },
    Transit(
      "Google Groups: prefix, footers in text and HTML", ["subject-tagged"],
      alsoRight: ["footer-inserted", "footer-appended"]
    ) { message in
      let text =
        "\r\n-- \r\nYou received this message because you are subscribed to the Google Groups "
        + "\"figures\" group.\r\n"
      let markup =
        "\r\n<p></p>\r\n\r\n-- <br />\r\nYou received this message because you are subscribed.<br />\r\n"
      var listed = listed(message)
      if message.contentType.hasPrefix("multipart/alternative") {
        guard
          let footed = listed.mappingTexts({ $1 + ($0 == "text/html" ? markup : text) })
        else { return nil }
        listed = footed
      } else if message.contentType.hasPrefix("text/plain"), message.encoding != "base64" {
        listed.body += text
      } else {
        return nil
      }
      listed.prepend("X-Original-Sender", "alice@example.org")
      listed.prepend("Sender", "figures@googlegroups.example")
      return listed
    },
    Transit(
      "Exchange: [EXTERNAL], banner, base64",
      ["subject-tagged", "part-reencoded", "banner-prepended"]
    ) { message in
      guard message.contentType.hasPrefix("text/plain"), message.encoding != "base64" else {
        return nil
      }
      var message = tagged(message, "[EXTERNAL] ")
      let text = TransitEncoding.decode(message.body, message.encoding)
      message.body = TransitEncoding.base64("CAUTION: external\r\n\r\n" + text) + "\r\n"
      message["Content-Transfer-Encoding"] = "base64"
      return message
    },
  ]

  private static func listed(_ message: TransitMessage) -> TransitMessage {
    var message = tagged(message, "[Figures] ")
    for (name, value) in [
      ("List-Id", "Figures <figures.lists.example>"), ("Precedence", "list"),
      ("Errors-To", "figures-bounces@lists.example"),
    ] { message.prepend(name, value) }
    return message
  }

  /// Plain US-ASCII text gets the footer at its end; other plain text is encoded anew with it; a
  /// multipart/mixed gets one more part; all else is wrapped.
  private static func mailmanFooter(_ message: TransitMessage) -> TransitMessage {
    var message = message
    if message.contentType.hasPrefix("text/plain") {
      guard message.encoding != "7bit" else {
        message.body += footer
        return message
      }
      let text = TransitEncoding.decode(message.body, message.encoding)
      message.body = TransitEncoding.base64(text + footer) + "\r\n"
      message["Content-Transfer-Encoding"] = "base64"
      return message
    }
    guard message.contentType.hasPrefix("multipart/mixed") else { return message.wrapped() }
    let preamble = message.preamble
    message.parts += [footerPart]
    message.body = preamble + message.body
    return message
  }
}
