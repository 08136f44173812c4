import Authentication
import Foundation
import Mail

/// Puts our Authentication-Results on top of a message, and takes away what claims to be ours
/// (RFC 8601 §5). All other octets stay as they are.
struct Stamp {
  let work: VerifyWork
  let authservID: String

  func stamped(_ input: MessageInput) async throws(UnreadableMessage) -> [UInt8] {
    let octets = try await wholeMessage(input)
    let outcome = await work.verify(
      MessageInput(name: input.name, source: .octets(octets), session: input.session))
    let verdict = try outcome.result.get()
    let field = verdict.authenticationResults(authservID: authservID).fieldValue()
    let lineEnd = LineEnds(firstLineOf: octets) == .crlf ? "\r\n" : "\n"
    let stamp = "Authentication-Results: \(field)\r\n".replacing("\r\n", with: lineEnd)
    return Array(stamp.utf8) + withoutForgedFields(octets, verdict.header)
  }

  private func wholeMessage(_ input: MessageInput) async throws(UnreadableMessage) -> [UInt8] {
    let pieces = try input.open()
    var octets: [UInt8] = []
    do {
      for try await piece in pieces { octets += piece }
    } catch {
      throw UnreadableMessage(reason: "cannot be read")
    }
    return octets
  }

  private func withoutForgedFields(_ octets: [UInt8], _ header: MessageHeader) -> [UInt8] {
    let forged = AuthenticationResults.indicesToRemove(
      in: header.fields.map {
        (String(decoding: header.octets[$0.nameRange], as: UTF8.self), Array(header.value(of: $0)))
      }, authservID: authservID)
    let places = ReceivedOffsets(octets)
    var kept = octets
    // The last first, so that the places of the others stay right.
    for index in forged {
      let range = header.fields[index].range
      kept.removeSubrange(places[range.lowerBound]..<places[range.upperBound])
    }
    return kept
  }
}

/// Where an octet of the header, as it was read, stands in the file. The two differ where the
/// lines of the file end in LF alone.
private struct ReceivedOffsets {
  /// The places, in the header as read, of the CRs that the file does not have.
  private let added: [Int]

  init(_ octets: [UInt8]) {
    guard LineEnds(firstLineOf: octets) == .bareLineFeed else {
      added = []
      return
    }
    var added: [Int] = []
    for (index, octet) in octets.enumerated()
    where octet == 0x0A && (index == 0 || octets[index - 1] != 0x0D) {
      added.append(index + added.count)
    }
    self.added = added
  }

  subscript(offset: Int) -> Int {
    var low = 0
    var high = added.count
    while low < high {
      let middle = (low + high) / 2
      if added[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return offset - low
  }
}
