extension Transit {
  public static let footer =
    "_______________________________________________\r\nFigures mailing list\r\nfigures@lists.example\r\n"

  /// Text put into bodies.
  static let additions: [Transit] = [
    Transit("footer under plain text", ["footer-appended"]) { message in
      guard message.contentType.hasPrefix("text/plain"), message.encoding != "base64" else {
        return nil
      }
      var message = message
      message.body += footer
      return message
    },
    Transit("footer behind the last delimiter", ["footer-appended"]) { message in
      var message = message
      guard message.boundary != nil else { return nil }
      message.body += "\r\n" + footer
      return message
    },
    Transit("footer as a part of its own", ["part-added"]) { message in
      guard message.boundary != nil else { return nil }
      var message = message
      let preamble = message.preamble
      message.parts += [footerPart]
      message.body = preamble + message.body
      return message
    },
    Transit("wrapped in multipart/mixed", ["wrapped-in-multipart"]) { $0.wrapped() },
    Transit("banner before plain text", ["banner-prepended"]) { message in
      guard message.contentType.hasPrefix("text/plain"), message.encoding != "base64" else {
        return nil
      }
      var message = message
      message.body = "CAUTION: This email comes from outside.\r\n\r\n" + message.body
      return message
    },
    Transit("HTML footer before </body>", ["footer-inserted"], alsoRight: ["footer-appended"]) {
      message in
      guard message.contentType.hasPrefix("text/html"), message.encoding != "base64" else {
        return nil
      }
      var message = message
      message.body = message.body.replacing(
        "</body>", with: "<br><hr><p style=color:red>Sent by the list</p></body>")
      return message
    },
    Transit("HTML banner after <body>", ["banner-inserted"]) { message in
      guard message.contentType.hasPrefix("text/html"), message.encoding != "base64",
        let tag = message.body.firstRange(of: "<body class=3D\"a\">")
          ?? message.body.firstRange(of: "<body class=\"a\">")
      else { return nil }
      var message = message
      message.body.insert(contentsOf: "<div>CAUTION: external</div>\r\n", at: tag.upperBound)
      return message
    },
    Transit("Exchange: disclaimer in text and HTML", ["footer-inserted"]) { message in
      message.mappingTexts { type, text in
        type == "text/html"
          ? text.replacing("</body>", with: "<p>Confidential. Example Ltd.</p>\r\n</body>")
          : text + "\r\nConfidential. Example Ltd.\r\n"
      }
    },
    Transit("Exchange: CAUTION banner in text and HTML", ["banner-inserted"]) { message in
      message.mappingTexts { type, text in
        type == "text/html"
          ? text.replacing(
            "<body class=\"a\">", with: "<body class=\"a\"><div>CAUTION: external</div>")
          : "CAUTION: external\r\n\r\n" + text
      }
    },
    Transit("Safe Links", ["links-rewritten"]) { message in
      guard message.encoding == "7bit" || message.encoding == "8bit",
        !message.body.contains("=3D")
      else { return nil }
      var message = message
      for name in ["figures", "zahlen"] {
        message.body = message.body.replacing(
          "https://www.example.org/\(name)?q=3",
          with: "https://eur01.safelinks.protection.outlook.com/?url="
            + "https%3A%2F%2Fwww.example.org%2F\(name)%3Fq%3D3&data=05%7C01&reserved=0")
      }
      return message
    },
  ]

  static let footerPart = TransitMessage(
    fields: [
      ("Content-Type", " text/plain; charset=\"us-ascii\""), ("MIME-Version", " 1.0"),
      ("Content-Transfer-Encoding", " 7bit"), ("Content-Disposition", " inline"),
    ], body: footer)

  /// Parts written anew.
  static let encodings: [Transit] = [
    reencoding("8bit", "quoted-printable"), reencoding("8bit", "base64"),
    reencoding("quoted-printable", "8bit"), reencoding("quoted-printable", "base64"),
    reencoding("base64", "8bit"), reencoding("base64", "quoted-printable"),
    Transit("Exchange: quoted-printable in its own style", ["part-reencoded"]) { message in
      message.reencoded("quoted-printable", "quoted-printable", room: 72)
    },
    Transit("preamble dropped", ["preamble-changed"]) { message in
      guard !message.preamble.isEmpty else { return nil }
      var message = message
      message.body = String(message.body.dropFirst(message.preamble.count))
      return message
    },
    Transit("preamble added", ["preamble-changed"], alsoRight: ["banner-prepended"]) { message in
      guard message.preamble.isEmpty, message.boundary != nil else { return nil }
      var message = message
      message.body = "This is a multi-part message in MIME format.\r\n" + message.body
      return message
    },
  ]

  private static func reencoding(_ from: String, _ target: String) -> Transit {
    Transit("relay: \(from) to \(target)", ["part-reencoded"], alsoRight: ["field-changed"]) {
      $0.reencoded(from, target, room: 75)
    }
  }

  /// Octets that transports change.
  static let octets: [Transit] = [
    Transit("bare LFs", ["line-ends-changed"]) { $0.replacingInBody("\r\n", "\n") },
    Transit("CR CR LF", ["line-ends-changed"]) { $0.replacingInBody("\r\n", "\r\r\n") },
    Transit("trailing blanks stripped", ["trailing-blanks-changed"]) {
      $0.replacingInBody(" \r\n", "\r\n")
    },
    Transit("trailing blanks added", ["trailing-blanks-changed"]) {
      $0.body.contains(" \r\n") ? nil : $0.replacingInBody("\r\n", "  \r\n")
    },
    Transit("dot-stuffing left in", ["dots-stuffed"]) { $0.replacingInBody("\r\n.", "\r\n..") },
    Transit("a dot lost", ["dots-lost"]) { $0.replacingInBody("\r\n.profile", "\r\nprofile") },
    Transit("mbox From-escaping", ["from-escaped"]) {
      $0.replacingInBody("\r\nFrom ", "\r\n>From ")
    },
    Transit("footer and bare LFs", ["footer-appended", "line-ends-changed"]) { message in
      guard message.contentType.hasPrefix("text/plain"), message.encoding != "base64" else {
        return nil
      }
      var message = message
      message.body += footer
      return message.replacingInBody("\r\n", "\n")
    },
  ]
}

extension TransitMessage {
  /// What stands before the first delimiter.
  var preamble: String {
    guard let boundary, let start = body.firstRange(of: "--\(boundary)") else { return "" }
    return String(body[..<start.lowerBound])
  }

  func replacingInBody(_ old: String, _ new: String) -> TransitMessage? {
    var message = self
    let octets = Array(body.utf8).replacing(Array(old.utf8), with: Array(new.utf8))
    message.body = String(decoding: octets, as: UTF8.self)
    return message.body.utf8.elementsEqual(body.utf8) ? nil : message
  }

  /// The message as one part of a new multipart, with a footer behind it.
  func wrapped(type: String = "multipart/mixed") -> TransitMessage {
    var inner = self
    inner.fields = fields.filter { $0.name.hasPrefix("Content-") }
    var message = self
    message.fields = fields.filter { !$0.name.hasPrefix("Content-") }
    message["Content-Type"] = "\(type); boundary=\"===============0815==\""
    message.parts = [inner, Transit.footerPart]
    return message
  }

  /// Each text part of a multipart/alternative decoded, changed, and written in its encoding.
  func mappingTexts(_ change: (_ type: String, _ text: String) -> String) -> TransitMessage? {
    guard contentType.hasPrefix("multipart/alternative") else { return nil }
    var message = self
    message.parts = parts.map { part in
      var part = part
      let type = String(part.contentType.prefix { $0 != ";" })
      guard part.encoding != "base64" else {
        part.body =
          TransitEncoding.encode(
            change(type, TransitEncoding.decode(part.body, "base64")), "base64") + "\r\n"
        return part
      }
      part.body = TransitEncoding.encode(
        change(type, TransitEncoding.decode(part.body, part.encoding)), part.encoding)
      return part
    }
    return message
  }

  /// Every text part that is in one encoding written in another.
  func reencoded(_ from: String, _ target: String, room: Int) -> TransitMessage? {
    func rewrite(_ part: TransitMessage) -> TransitMessage {
      guard part.encoding == from, part.contentType.hasPrefix("text/") else { return part }
      var part = part
      let text = TransitEncoding.decode(part.body, from)
      part.body = TransitEncoding.encode(text, target, room: room)
      if target == "base64" { part.body += "\r\n" }
      part["Content-Transfer-Encoding"] = target
      return part
    }
    var message = boundary == nil ? rewrite(self) : self
    if boundary != nil {
      message.parts = parts.map(rewrite)
      message.body = preamble + message.body
    }
    return message.octets == octets ? nil : message
  }
}

extension [UInt8] {
  func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var index = 0
    while index < count {
      if self[index...].starts(with: old) {
        output += new
        index += old.count
      } else {
        output.append(self[index])
        index += 1
      }
    }
    return output
  }
}
