import ArgumentParser
import Authentication
import Foundation
import Mail
import Wire

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Authenticate messages: SPF, DKIM, ARC and DMARC, with evidence.",
    discussion: """
      Reads files, mbox files, Maildir folders or standard input. Without --ip SPF cannot be \
      judged. Exit status: 1 where DMARC fails or a From field cannot be judged, or where \
      without a DMARC record SPF or DKIM fails and neither passes; 2 where DNS trouble leaves it \
      open; 65 where a message cannot be read; else 0.
      """)

  @Argument(
    help: "Messages: files, mbox files, folders, or - for standard input.", completion: .file())
  var files: [String] = []

  @OptionGroup(title: "Session") var session: SessionOptions
  @OptionGroup(title: "DNS") var resolver: ResolverOptions
  @OptionGroup(title: "Policy") var policy: PolicyOptions
  @OptionGroup(title: "Time") var clock: ClockOptions

  @Option(
    help: ArgumentHelp(
      "Messages with their sessions, a JSON object a line; results in the same order.",
      valueName: "file.jsonl"), completion: .file())
  var batch: String?

  @Option(help: ArgumentHelp("Messages verified at once.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  @Flag(help: "Print every step that led to the verdict.")
  var explain = false

  @Option(
    help: ArgumentHelp(
      "Our name in Authentication-Results (RFC 8601 §2.5).", valueName: "name"))
  var authservID = ProcessInfo.processInfo.hostName

  @Flag(
    help: """
      Write the message with our Authentication-Results on top, and without such fields that \
      claim to be ours.
      """)
  var stamp = false

  func validate() throws {
    if batch != nil, !files.isEmpty || session.ip != nil {
      throw ValidationError("--batch names its messages and sessions itself")
    }
    if stamp, json || explain || batch != nil || files.count > 1 {
      throw ValidationError("--stamp writes one message and nothing else")
    }
    // Each holds a file open; 1024 open files are what a process usually may have.
    if let jobs, !(1...256).contains(jobs) {
      throw ValidationError("--jobs must be from 1 to 256")
    }
    if authservID.isEmpty || authservID.unicodeScalars.contains(where: \.isInvisible) {
      throw ValidationError("--authserv-id must be a name")
    }
  }

  func run() async throws {
    var policy = try policy.makePolicy()
    policy.receiver = try? DomainName(parsing: authservID)
    let work = VerifyWork(
      authenticator: MessageAuthenticator(
        resolver: try resolver.makeResolver(), policy: policy),
      now: clock.moment.seconds, session: try session.envelope(), explains: explain)
    if stamp { return try await stampOne(work) }
    let printer = VerdictPrinter(
      style: json ? .json : .text, explains: explain, authservID: authservID)
    let inputs = try allInputs()
    var bar = ProgressBar(total: (inputs as? [MessageInput])?.count)
    var status = ExitStatus.good
    await work.verify(
      inputs, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      answering: printer.answer(to:)
    ) { answer in
      bar.advance()
      answer.show()
      status = .worst(status, answer.status)
    }
    bar.finish()
    try status.end()
  }

  private func allInputs() throws -> any Sequence<MessageInput> {
    if let batch { return try Batch.inputs(of: batch) }
    let paths = files.isEmpty ? ["-"] : files
    return paths.lazy.flatMap { AnySequence(MailFolder.inputs(of: $0)) }
  }

  private func stampOne(_ work: VerifyWork) async throws {
    let path = files.first ?? "-"
    do throws(UnreadableMessage) {
      for part in try await Stamp(work: work, authservID: authservID).stamped(path) {
        Terminal.write(part)
      }
    } catch {
      throw CommandFailure(
        "\(path == "-" ? "standard input" : path): \(error.reason)", .unreadable)
    }
  }
}
