import Foundation

/// A UDP socket on 127.0.0.1, and with `listens` also a TCP one on the same port.
final class LoopbackSocket: Sendable {
  enum Failure: Error { case system(String, Int32) }

  let datagrams: CInt
  /// −1 without TCP.
  let listener: CInt
  let port: UInt16

  /// - Parameter port: zero for a free one.
  init(port: UInt16, listens: Bool = false) throws {
    datagrams = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
    guard datagrams >= 0 else { throw Failure.system("socket", errno) }
    do {
      self.port = try Self.bind(datagrams, to: port)
    } catch {
      close(datagrams)
      throw error
    }
    guard listens else {
      listener = -1
      return
    }
    listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    do {
      _ = try Self.bind(listener, to: self.port)
      guard listen(listener, 16) == 0 else { throw Failure.system("listen", errno) }
    } catch {
      close(datagrams)
      close(listener)
      throw error
    }
  }

  deinit {
    close(datagrams)
    if listener >= 0 { close(listener) }
  }

  /// A port that is free for UDP and TCP now.
  static func freePort() throws -> UInt16 {
    try withRetries { try LoopbackSocket(port: 0, listens: true).port }
  }

  /// The port that UDP got may be taken for TCP: another try gets another.
  static func withRetries<Value>(_ body: () throws -> Value) throws -> Value {
    for _ in 0..<9 {
      if let value = try? body() { return value }
    }
    return try body()
  }

  private static func bind(_ descriptor: CInt, to port: UInt16) throws -> UInt16 {
    var address = loopback(port)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let code = Foundation.bind(descriptor, address, length)
        return code == 0 ? getsockname(descriptor, address, &length) : code
      }
    }
    guard code == 0 else { throw Failure.system("bind", errno) }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  func send(_ octets: [UInt8], to port: UInt16) {
    var address = Self.loopback(port)
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(
          datagrams, octets, octets.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// The next datagram, if one comes in time.
  func receive(within milliseconds: CInt) -> [UInt8]? {
    guard Self.isReadable(datagrams, within: milliseconds) else { return nil }
    return receiveFrom()?.octets
  }

  /// A datagram that is there, and the port it came from.
  func receiveFrom() -> (octets: [UInt8], port: UInt16)? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(datagrams, &buffer, buffer.count, CInt(MSG_DONTWAIT), $0, &length)
      }
    }
    guard count >= 0 else { return nil }
    return (Array(buffer[..<count]), UInt16(bigEndian: address.sin_port))
  }

  static func isReadable(_ descriptor: CInt, within milliseconds: CInt) -> Bool {
    var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptors, 1, milliseconds) > 0
  }
}
