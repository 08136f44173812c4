import ArgumentParser
import Authentication
import Foundation

/// A private key on disk.
enum KeyFile {
  /// Why a file is not used, or not written.
  struct Refusal: Error {
    let reason: String
  }

  /// Who else may read a key.
  enum Permissions {
    /// Nobody but the file's owner.
    case ownerOnly
    case any
  }

  /// A private key is smaller; whatever is larger is none.
  static let maximumOctets = 64 * 1024

  /// Reads a key. What is checked is the file that was opened, not what its name leads to later.
  static func read(_ path: String, _ permissions: Permissions) throws(Refusal) -> SigningKey {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Refusal(reason: reason(errno)) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Refusal(reason: reason(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Refusal(reason: "not a regular file") }
    if permissions == .ownerOnly, status.st_mode & 0o077 != 0 {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw Refusal(
        reason: "others than its owner may read or write it (mode \(mode)): chmod 600, or "
          + "--allow-shared-keys")
    }
    guard let content = try? file.read(upToCount: maximumOctets + 1) ?? Data() else {
      throw Refusal(reason: "cannot be read")
    }
    guard content.count <= maximumOctets,
      let text = String(validating: content, as: UTF8.self)
    else { throw Refusal(reason: "not a PEM file") }
    do throws(SigningKeyError) { return try SigningKey(pem: text) } catch {
      throw Refusal(reason: "\(error)")
    }
  }

  /// As `read`, for a key that the command line names.
  ///
  /// - Throws: `CommandFailure` with status 78.
  static func open(_ path: String, _ permissions: Permissions) throws -> SigningKey {
    do throws(Refusal) { return try read(path, permissions) } catch {
      throw CommandFailure("\(path): \(error.reason)", .configuration)
    }
  }

  /// Writes a new key, readable by its owner alone. A file of this name is never touched, nor a
  /// symbolic link followed (`O_EXCL`).
  static func write(_ key: SigningKey, to path: String) throws(Refusal) {
    let descriptor = Foundation.open(
      path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Refusal(reason: reason(errno)) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      // Whatever the umask says.
      guard fchmod(descriptor, 0o600) == 0 else { throw Refusal(reason: reason(errno)) }
      try file.write(contentsOf: Data(key.pem.utf8))
      try file.synchronize()
    } catch {
      unlink(path)
      throw Refusal(reason: "cannot be written")
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Whether keys that others may read are used all the same.
struct KeyFileOptions: ParsableArguments {
  @Flag(help: "Use private keys that others than their owner may read or write.")
  var allowSharedKeys = false

  var permissions: KeyFile.Permissions { allowSharedKeys ? .any : .ownerOnly }
}
