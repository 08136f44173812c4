import CUnbound

/// A libunbound context bound to an event loop, set up in the order that libunbound asks for:
/// options, forwarders, anchors, and last the zones, which close it to all others.
///
/// Not Sendable: it belongs to the thread that runs the loop.
struct UnboundContext {
  let pointer: OpaquePointer

  init(
    loop: OpaquePointer, forwarders: [String], trustAnchorFile: String?
  ) throws(UnboundError) {
    guard let pointer = ub_ctx_create_event(loop) else {
      throw UnboundError("libunbound: no context")
    }
    self.pointer = pointer
    do throws(UnboundError) {
      try setOptions(forwards: !forwarders.isEmpty, validates: trustAnchorFile != nil)
      for address in forwarders {
        try check(ub_ctx_set_fwd(pointer, address), "forwarder \(address)")
      }
      if let file = trustAnchorFile {
        try check(ub_ctx_add_ta_file(pointer, file), "trust anchor \(file)")
      }
      try removeLocalZones(all: !forwarders.isEmpty, trustAnchorFile)
    } catch {
      ub_ctx_delete(pointer)
      throw error
    }
  }

  private func setOptions(forwards: Bool, validates: Bool) throws(UnboundError) {
    // libunbound writes to standard error otherwise.
    _ = ub_ctx_debugout(pointer, nil)
    var options = [
      // The defaults of the library are for a single look-up at a time.
      ("outgoing-range:", "256"), ("num-queries-per-thread:", "256"),
      ("outgoing-num-tcp:", "32"), ("msg-cache-size:", "4m"), ("rrset-cache-size:", "8m"),
      ("module-config:", validates ? "validator iterator" : "iterator"),
    ]
    if forwards {
      // The forwarder decides, wherever it is.
      options += [("do-not-query-localhost:", "no"), ("unblock-lan-zones:", "yes")]
      // With one server there is nobody to turn to while it is down: without these, libunbound
      // answers SERVFAIL at once, and for seconds after the server is back.
      options += [("infra-keep-probing:", "yes"), ("infra-host-ttl:", "5")]
    }
    for (name, value) in options {
      try check(ub_ctx_set_option(pointer, name, value), "option \(name) \(value)")
    }
  }

  /// The names that libunbound answers itself (RFC 6761 and others) and that are not dealt with
  /// by `unblock-lan-zones`.
  private static let localZones = [
    "localhost.", "127.in-addr.arpa.", "test.", "invalid.", "onion.", "home.arpa.",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
  ]

  /// Removing a zone also makes libunbound read what was set up: a bad anchor file shows here.
  private func removeLocalZones(all: Bool, _ anchor: String?) throws(UnboundError) {
    for zone in all ? Self.localZones : ["test."] {
      try check(
        ub_ctx_zone_remove(pointer, zone),
        anchor.map { "setting up, with trust anchor \($0)" } ?? "setting up")
    }
  }

  private func check(_ code: CInt, _ step: String) throws(UnboundError) {
    guard code != 0 else { return }
    throw UnboundError("\(step): \(Self.text(ofCode: code))")
  }

  static func text(ofCode code: CInt) -> String {
    ub_strerror(code).map { String(cString: $0) } ?? "libunbound error \(code)"
  }
}
