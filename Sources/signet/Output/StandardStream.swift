import Foundation

/// The streams that every process is born with.
enum StandardStream: CInt, CaseIterable {
  case input = 0
  case output = 1
  case error = 2

  /// To be called once, before anything is opened.
  ///
  /// A stream that the caller closed would otherwise be the next file or socket that is opened,
  /// and a verdict be written into that. It is opened the wrong way round: its use is an error.
  /// A reader who has gone shows as an error too, not as a signal.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for stream in allCases where fcntl(stream.rawValue, F_GETFD) == -1 {
      _ = open("/dev/null", stream == .input ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all octets.
  ///
  /// - Returns: the `errno` that stopped it, or nil.
  func write(_ octets: ArraySlice<UInt8>) -> CInt? {
    var rest = octets
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(rawValue, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        poll(&descriptor, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }

  /// Ends as a process ends that never heard of SIGPIPE.
  static func endByBrokenPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    exit(128 + SIGPIPE)
  }
}
