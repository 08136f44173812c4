/// A change that servers make to messages, and how a diagnosis is to name it.
public struct Transit: Sendable {
  /// The software, or the kind of server, that it imitates.
  public let name: String
  /// Words of `TransitChange` that the diagnosis must give.
  public let words: Set<String>
  /// Words that may stand beside them, since the change may show in other ways too.
  public let alsoRight: Set<String>
  /// The message as it arrives; nil where the change does not apply to its shape.
  public let change: @Sendable (TransitMessage) -> TransitMessage?

  public init(
    _ name: String, _ words: Set<String>, alsoRight: Set<String> = [],
    _ change: @escaping @Sendable (TransitMessage) -> TransitMessage?
  ) {
    self.name = name
    self.words = words
    self.alsoRight = alsoRight
    self.change = change
  }

  public static var all: [Transit] {
    header + layout + additions + encodings + octets + lists
  }
}

extension Transit {
  /// Changes of single header fields.
  static let header: [Transit] = [
    Transit("subject tag of a list", ["subject-tagged"]) { tagged($0, "[figures] ") },
    Transit("subject tag behind Re:", ["subject-tagged"]) { message in
      guard let subject = message["Subject"], subject.hasPrefix("Re: ") else {
        return tagged(message, "[office-figures]  ")
      }
      var message = message
      message["Subject"] = "Re: [figures] \(subject.dropFirst(4))"
      return message
    },
    Transit("Exchange: [EXTERNAL]", ["subject-tagged"]) { tagged($0, "[EXTERNAL] ") },
    Transit("filter: ***SPAM***", ["subject-tagged"]) { tagged($0, "***SPAM*** ") },
    Transit("filter: External Mail:", ["subject-tagged"]) { tagged($0, "External Mail: ") },
    Transit("Subject encoded anew, B for Q", ["field-reencoded"]) { message in
      let anew = [
        "=?utf-8?q?Gr=C3=BC=C3=9Fe_aus_Z=C3=BCrich?=": "=?UTF-8?B?R3LDvMOfZSBhdXMgWsO8cmljaA==?=",
        "=?utf-8?q?R=C3=A9union_du_comit=C3=A9?=": "=?utf-8?B?UsOpdW5pb24gZHUgY29taXTDqQ==?=",
        "Re: =?UTF-8?B?QW5nZWJvdCBmw7xyIE3DvGxsZXI=?=":
          "Re: =?utf-8?Q?Angebot_f=C3=BCr_M=C3=BCller?=",
      ]
      var message = message
      guard let subject = message["Subject"], let other = anew[subject] else { return nil }
      message["Subject"] = other
      return message
    },
    Transit("From munged for DMARC, author in Reply-To", ["from-rewritten", "field-added"]) {
      munged($0)
    },
    Transit("Date without the zone's zero day", ["date-reformatted"]) { message in
      var message = message
      guard let date = message["Date"], date.hasPrefix("Sun, 1 ") else {
        message["Date"]? += " (CET)"
        return message
      }
      message["Date"] = date.replacing("Sun, 1 ", with: "Sun, 01 ")
      return message
    },
    Transit("To with quoted names", ["addresses-reformatted"], alsoRight: ["field-changed"]) {
      message in
      var message = message
      message["To"] = message["To"]?.replacing("Colleague Number ", with: "\"Colleague Number ")
        .replacing(" <", with: "\" <")
      return message
    },
    Transit("MIME-Version removed", ["field-removed"]) { $0.without("MIME-Version") },
    Transit("Reply-To added", ["field-added"]) { message in
      var message = message
      message.prepend("Reply-To", "figures@lists.example")
      return message
    },
    Transit("second Subject put below", ["field-added"]) { message in
      var message = message
      message.fields.append(("Subject", " Another one"))
      return message
    },
    Transit("Message-ID replaced, the old one kept", ["field-replaced"]) { message in
      var message = message
      guard let old = message["Message-ID"] else { return nil }
      message["Message-ID"] = "<new-1@mx.example.net>"
      message.prepend("X-Google-Original-Message-ID", old)
      return message
    },
    Transit("Keywords in another order", ["fields-reordered"]) { message in
      var message = message
      let places = message.fields.indices.filter { message.fields[$0].name == "Keywords" }
      message.fields.swapAt(places[0], places[1])
      return message
    },
    Transit("Content-Type with other quotes", ["parameters-reformatted"]) { message in
      var message = message
      guard let type = message["Content-Type"] else { return nil }
      message["Content-Type"] =
        type.contains("\"")
        ? type.filter { $0 != "\"" }
        : type.replacing("charset=utf-8", with: "charset=\"utf-8\"")
          .replacing("charset=us-ascii", with: "charset=\"us-ascii\"")
      return message
    },
  ]

  static func tagged(_ message: TransitMessage, _ tag: String) -> TransitMessage {
    var message = message
    message["Subject"] = tag + (message["Subject"] ?? "")
    return message
  }

  /// Mailman's `from_is_list`: the list stands as the author, who moves to Reply-To.
  static func munged(_ message: TransitMessage) -> TransitMessage? {
    var message = message
    guard let from = message["From"], let open = from.lastIndex(of: "<") else { return nil }
    let name = from[..<open].filter { $0 != "\"" }
    message["From"] =
      name.contains(",")
      ? "\"\(name.dropLast()) via Figures\" <figures@lists.example>"
      : name.hasPrefix("=?")
        ? "=?utf-8?q?Al=C3=ADce_via_Figures?= <figures@lists.example>"
        : "\(name.dropLast()) via Figures <figures@lists.example>"
    message["Reply-To"] = from
    return message
  }

  /// Changes that only the simple form of a header notices.
  static let layout: [Transit] = [
    Transit("long fields unfolded", ["field-rewrapped"]) { message in
      var message = message
      for index in message.fields.indices.dropFirst() {
        message.fields[index].value = message.fields[index].value.replacing("\r\n", with: "")
      }
      return message
    },
    Transit("folds with tabs", ["field-rewrapped"]) { message in
      var message = message
      for index in message.fields.indices.dropFirst() {
        message.fields[index].value = message.fields[index].value.replacing("\r\n ", with: "\r\n\t")
      }
      return message
    },
    Transit("field names in small letters", ["field-recased"]) { message in
      var message = message
      for index in message.fields.indices.dropFirst() {
        message.fields[index].name = message.fields[index].name.lowercased()
      }
      return message
    },
    Transit("Message-Id for Message-ID", ["field-recased"]) { message in
      var message = message
      for index in message.fields.indices where message.fields[index].name == "Message-ID" {
        message.fields[index].name = "Message-Id"
      }
      return message
    },
    Transit("two blanks after the colon", ["field-blanks-changed"]) { message in
      var message = message
      for index in message.fields.indices.dropFirst() {
        message.fields[index].value = " " + message.fields[index].value
      }
      return message
    },
    Transit("trailing blank in Subject", ["field-blanks-changed"]) { message in
      var message = message
      message["Subject"]? += " "
      return message
    },
  ]
}

extension TransitMessage {
  func without(_ name: String) -> TransitMessage {
    var message = self
    message[name] = nil
    return message
  }
}
