import ArgumentParser
import Authentication
import Foundation
import Mail
import Wire

struct SealCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seal",
    abstract: "Seal a message by ARC: add one ARC set.",
    discussion: """
      Verifies the chain that is there, and writes the message with one ARC set more on top. What \
      the Authentication-Results fields of our authserv-id say goes into the set: remove forged \
      ones before (signet verify --stamp does). A chain already sealed as failed is left as it \
      is. Exit status: 2 where DNS trouble leaves the chain open, and nothing is written; 65 \
      where the message cannot be read or sealed soundly; 78 where the key cannot be used.
      """)

  @Argument(help: "The message, or - for standard input.", completion: .file())
  var file = "-"

  @Option(
    help: ArgumentHelp(
      """
      Name of the key's record in DNS, and its private key: s1._domainkey.example.com=s1.pem.
      """, valueName: "name=file"))
  var key: KeyOption

  @Option(
    help: ArgumentHelp(
      "Our name in Authentication-Results (RFC 8601 §2.5).", valueName: "name"))
  var authservID = ProcessInfo.processInfo.hostName

  @OptionGroup(title: "Keys") var keyFiles: KeyFileOptions
  @OptionGroup(title: "DNS") var resolver: ResolverOptions
  @OptionGroup(title: "Time") var clock: ClockOptions

  func run() async throws {
    let template = try key.template(keyFiles.permissions)
    if template.key.isWeak { Terminal.complain("\(key.file): \(template.key) is weak") }
    do {
      let message = try RereadableMessage(file)
      let chain = try await verify(message)
      if let trouble = chain.lookupFailure {
        throw CommandFailure("\(file): not sealed: the chain is open: \(trouble)", .unknown)
      }
      var sealer = MessageSealer(
        template, authservID: authservID, chain: chain, now: clock.moment.seconds,
        lineEnds: message.lineEnds)
      try message.forEachPiece { try sealer.read($0) }
      switch try sealer.finish() {
      case .sealed(let fields, _, let status):
        if status == .fail, let failure = chain.failure {
          Terminal.complain("\(file): sealed with cv=fail: \(failure)")
        }
        try message.write(below: fields)
      case .alreadyFailed(let instance):
        Terminal.complain("\(file): not sealed: seal \(instance) says that the chain has failed")
        try message.write(below: [])
      }
    } catch let error as UnreadableMessage {
      throw CommandFailure("\(file): \(error.reason)", .unreadable)
    } catch let error as SigningFailure {
      throw CommandFailure("\(file): not sealed: \(error)", error.status)
    }
  }

  private func verify(_ message: RereadableMessage) async throws -> ARCVerdict {
    var policy = AuthenticationPolicy()
    policy.lineEnds = message.lineEnds
    let authenticator = MessageAuthenticator(
      resolver: try resolver.makeResolver(), policy: policy)
    do {
      return try await authenticator.authenticate(
        pieces: try message.pieces(), envelope: Envelope(), now: clock.moment.seconds
      ).arc
    } catch let failure as MessageReader.Failure {
      throw SigningFailure(failure)
    }
  }
}

extension ARCVerdict {
  /// DNS trouble that says nothing about the chain (RFC 8617 §5.2 knows no such result).
  fileprivate var lookupFailure: DKIMFailure? {
    switch failure {
    case .messageSignature(_, let failure), .seal(_, let failure):
      if case .keyLookupFailed = failure { return failure }
      return nil
    default: return nil
    }
  }
}
