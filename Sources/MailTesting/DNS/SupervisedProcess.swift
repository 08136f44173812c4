import Foundation

/// A program that ends with the tests, even if they crash: a shell waits for the end of its
/// standard input, which this process holds, then ends the program and removes its folder.
struct SupervisedProcess: Sendable {
  private let identifier: pid_t
  private let leash: CInt

  init(_ program: String, _ arguments: [String], removing folder: String) throws {
    // Closed on exec: other children would inherit the end and hold it open.
    var ends: [CInt] = [-1, -1]
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw LoopbackSocket.Failure.system("socketpair", errno)
    }
    defer { close(ends[0]) }
    let script = """
      folder=$1; shift
      "$@" </dev/null & child=$!
      read -r _; kill $child; wait $child; rm -rf "$folder"
      """
    do {
      identifier = try Self.spawn(
        ["/bin/sh", "-c", script, "sh", folder, program] + arguments,
        input: ends[0], output: "/dev/null")
    } catch {
      close(ends[1])
      throw error
    }
    leash = ends[1]
  }

  /// Once only.
  func stop() {
    close(leash)
    _ = Self.wait(for: identifier)
  }

  /// Runs a program to its end in `folder` and gives its output.
  static func run(_ program: String, _ arguments: [String], in folder: String) throws -> String {
    let output = folder + "/output-\(UUID().uuidString)"
    let identifier = try spawn(
      ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, program] + arguments, input: nil,
      output: output)
    let status = wait(for: identifier)
    let text = try String(contentsOfFile: output, encoding: .utf8)
    guard status == 0 else { throw NameServer.Failure.toolFailed("\(program): \(text)", status) }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func wait(for identifier: pid_t) -> Int32 {
    var status: CInt = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// Foundation's `Process` hands on the signals that a worker thread blocks, SIGTERM among them;
  /// here the child starts with none blocked.
  private static func spawn(
    _ words: [String], input: CInt?, output: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    var identifier: pid_t = 0
    let code = posix_spawn(
      &identifier, words[0], &actions, &attributes, &arguments, &environment)
    guard code == 0 else { throw LoopbackSocket.Failure.system("spawn \(words[0])", code) }
    return identifier
  }
}
