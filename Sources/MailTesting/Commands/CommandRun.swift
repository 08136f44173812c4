public import Foundation

/// One run of a program as a process of its own, to its end.
public struct CommandRun: Sendable {
  public var program: String
  public var arguments: [String]
  /// What the program reads; nil for an empty standard input.
  public var input: [UInt8]?
  public var folder: URL
  /// Over the environment of the tests.
  public var environment: [String: String] = [:]
  public var limit: Duration = .seconds(60)

  public enum Failure: Error {
    /// It ran longer than it may; what it had written until then.
    case tookTooLong(output: String, errors: String)
  }

  public init(_ program: String, _ arguments: [String], in folder: URL, input: [UInt8]? = nil) {
    self.program = program
    self.arguments = arguments
    self.folder = folder
    self.input = input
  }

  /// A few at a time: more would only wait for each other, and their limits run out.
  private static let queue: OperationQueue = {
    // A program that does not read to the end must not end the tests.
    signal(SIGPIPE, SIG_IGN)
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 4
    return queue
  }()

  public func outcome() async throws -> CommandOutcome {
    try await withCheckedThrowingContinuation { continuation in
      Self.queue.addOperation { continuation.resume(with: Result { try run() }) }
    }
  }

  private func run() throws -> CommandOutcome {
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    // The child has its own; ours would keep the pipes from ending.
    try? input.fileHandleForReading.close()
    try? output.fileHandleForWriting.close()
    try? errors.fileHandleForWriting.close()
    var exchange = PipeExchange(
      input: self.input ?? [], to: input.fileHandleForWriting,
      output: output.fileHandleForReading, errors: errors.fileHandleForReading)
    guard exchange.finish(within: limit) else {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw Failure.tookTooLong(
        output: String(decoding: exchange.output, as: UTF8.self),
        errors: String(decoding: exchange.errors, as: UTF8.self))
    }
    ended.wait()
    return CommandOutcome(
      status: Int(process.terminationStatus), wasKilled: process.terminationReason != .exit,
      output: exchange.output, errors: exchange.errors)
  }
}

/// Writes and reads a child's three pipes as each is ready, so that none fills and blocks.
private struct PipeExchange {
  private var input: ArraySlice<UInt8>
  private var writer: FileHandle?
  private let readers: [FileHandle]
  private var isOpen = [true, true]
  private(set) var read: [[UInt8]] = [[], []]

  var output: [UInt8] { read[0] }
  var errors: [UInt8] { read[1] }

  init(input: [UInt8], to writer: FileHandle, output: FileHandle, errors: FileHandle) {
    self.input = input[...]
    self.writer = writer
    readers = [output, errors]
    let descriptor = writer.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    if input.isEmpty { closeWriter() }
  }

  private mutating func closeWriter() {
    try? writer?.close()
    writer = nil
  }

  /// - Returns: whether both outputs ended in time.
  mutating func finish(within limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while isOpen.contains(true) {
      guard ContinuousClock.now < deadline else { return false }
      var descriptors = readers.indices.map {
        pollfd(fd: isOpen[$0] ? readers[$0].fileDescriptor : -1, events: Int16(POLLIN), revents: 0)
      }
      descriptors.append(
        pollfd(fd: writer?.fileDescriptor ?? -1, events: Int16(POLLOUT), revents: 0))
      guard poll(&descriptors, 3, 50) > 0 else { continue }
      for index in readers.indices where descriptors[index].revents != 0 { readSome(index) }
      if descriptors[2].revents != 0 { writeSome() }
    }
    closeWriter()
    return true
  }

  private mutating func readSome(_ index: Int) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(readers[index].fileDescriptor, &buffer, buffer.count)
    if count > 0 { read[index] += buffer[..<count] } else { isOpen[index] = false }
  }

  private mutating func writeSome() {
    guard let writer else { return }
    let count = input.prefix(65_536).withUnsafeBytes {
      write(writer.fileDescriptor, $0.baseAddress, $0.count)
    }
    if count >= 0 { input = input.dropFirst(count) }
    // A child that reads no more has closed its end.
    if input.isEmpty || (count < 0 && errno != EAGAIN) { closeWriter() }
  }
}
