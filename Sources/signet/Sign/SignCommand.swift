import ArgumentParser
import Authentication
import Foundation
import Wire

struct SignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign a message by DKIM, with one key or several.",
    discussion: """
      Writes the message with its DKIM-Signature fields on top. The keys are those that the \
      signing table of the configuration names for the domain in From, or those of --key. Exit \
      status: 1 where there is no key for the author; 65 where the message cannot be read or \
      signed soundly; 78 where configuration or a key cannot be used.
      """)

  @Argument(help: "The message, or - for standard input.", completion: .file())
  var file = "-"

  @Option(
    help: ArgumentHelp("The configuration with the signing table.", valueName: "file"),
    completion: .file())
  var config: String?

  @Option(
    help: ArgumentHelp(
      """
      Name of the key's record in DNS, and its private key: s1._domainkey.example.com=s1.pem; \
      repeatable, a signature each.
      """, valueName: "name=file"))
  var key: [KeyOption] = []

  @Option(
    help: ArgumentHelp(
      "How long the signatures are good (\(Lifetime.examples)); for ever by default.",
      valueName: "time"))
  var lifetime: Lifetime?

  @Flag(
    help: "Copy the signed fields into the signatures (z=), so that a failure can be explained.")
  var copyHeaders = false

  @OptionGroup(title: "Keys") var keyFiles: KeyFileOptions
  @OptionGroup(title: "Time") var clock: ClockOptions

  func validate() throws {
    guard (config == nil) != key.isEmpty else {
      throw ValidationError("say by --config or by --key which keys sign")
    }
  }

  func run() async throws {
    let choose = try makeChoice()
    do {
      let message = try RereadableMessage(file)
      var signer = MessageSigner(
        now: clock.moment.seconds, lineEnds: message.lineEnds, choosing: choose)
      try message.forEachPiece { try signer.read($0) }
      let signed = try signer.finish()
      for note in signed.notes { Terminal.complain("\(file): \(note)") }
      try message.write(below: signed.fields)
    } catch let error as UnreadableMessage {
      throw CommandFailure("\(file): \(error.reason)", .unreadable)
    } catch let error as SigningFailure {
      throw CommandFailure("\(file): not signed: \(error)", error.status)
    } catch let error as ConfigurationError {
      throw CommandFailure("\(error)", .configuration)
    }
  }

  /// The signatures to be made, by the domains in From.
  private func makeChoice() throws -> @Sendable ([DomainName]) throws -> [SignatureTemplate] {
    let permissions = keyFiles.permissions
    let adjust: @Sendable (SignatureTemplate) -> SignatureTemplate = { [lifetime, copyHeaders] in
      var template = $0
      if let lifetime { template.lifetime = lifetime.seconds }
      if copyHeaders { template.copiesHeader = true }
      return template
    }
    guard let config else {
      let templates = try key.map { adjust(try $0.template(permissions)) }
      return { _ in templates }
    }
    let signing = try ConfigurationFile(path: config).signing
    return { authors in
      try signing.entries(for: authors).map { adjust(try $0.template(permissions)) }
    }
  }
}

extension SigningFailure {
  var status: ExitStatus {
    switch self {
    case .noKey: .bad
    case .keyNameUnusable, .identityOutsideDomain, .lifetimeOutOfBounds, .cryptography:
      .configuration
    case .author, .brokenHeader, .headerTooLong, .tooManyHeaderLines, .tooManyFields, .tooManySets:
      .unreadable
    }
  }
}
