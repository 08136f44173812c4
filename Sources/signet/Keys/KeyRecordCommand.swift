import ArgumentParser
import Authentication
import Wire

struct KeyRecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Print the DNS record of a private key.")

  @Argument(help: "The private key, in PEM.", completion: .file())
  var file: String

  @OptionGroup(title: "Name") var place: KeyNameOptions
  @OptionGroup(title: "Record") var record: RecordOptions
  @OptionGroup(title: "Keys") var keyFiles: KeyFileOptions

  func run() async throws {
    let name = try place.name()
    let key = try KeyFile.open(file, keyFiles.permissions)
    record.show(key.keyRecord, name)
  }
}
