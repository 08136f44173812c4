import Authentication
import Foundation
import Mail

/// Puts our Authentication-Results on top of a message, and takes away what claims to be ours
/// (RFC 8601 §5). All other octets stay as they are.
///
/// The `From ` line that delivery programs put before a message stays first.
struct Stamp {
  let work: VerifyWork
  let authservID: String

  /// The stamped message in parts, so that a large body is not copied.
  ///
  /// - Parameter path: of one message; `-` is standard input.
  func stamped(_ path: String) async throws(UnreadableMessage) -> [ArraySlice<UInt8>] {
    let octets = try await wholeMessage(path)
    let envelopeLine = octets.starts(with: "From ".utf8) ? octets.firstLine : octets[..<0]
    let outcome = await work.verify(
      MessageInput(name: path, source: .octets(try message(in: octets))))
    let verdict = try outcome.result.get()
    let field = verdict.authenticationResults(authservID: authservID).fieldValue()
    let rest = octets[envelopeLine.endIndex...]
    let lineEnds = LineEnds(firstLineOf: rest)
    let stamp = "Authentication-Results: \(field)\r\n"
      .replacing("\r\n", with: lineEnds == .crlf ? "\r\n" : "\n")
    let (head, body) = ForgedResults(authservID: authservID).removed(from: rest, lineEnds)
    return [envelopeLine, Array(stamp.utf8)[...], head[...], body]
  }

  private func wholeMessage(_ path: String) async throws(UnreadableMessage) -> [UInt8] {
    let pieces = try FilePieces(try InputFile.argument(path))
    var octets: [UInt8] = []
    do {
      for try await piece in pieces { octets += piece }
    } catch {
      throw UnreadableMessage(reason: "cannot be read")
    }
    return octets
  }

  /// As `verify` would read it.
  private func message(in octets: [UInt8]) throws(UnreadableMessage) -> [UInt8] {
    let pieces = FilePieces(first: octets, file: .nullDevice)
    guard Mbox.begins(pieces) else { return octets }
    let messages = Array(Mbox(name: "", pieces).prefix(2))
    guard messages.count == 1 else { throw UnreadableMessage(reason: "an mbox of messages") }
    guard case .octets(let message) = messages[0].source else { return [] }
    return message
  }
}

extension [UInt8] {
  /// With its line end.
  fileprivate var firstLine: ArraySlice<UInt8> {
    firstIndex(of: 0x0A).map { self[...$0] } ?? self[...]
  }
}
