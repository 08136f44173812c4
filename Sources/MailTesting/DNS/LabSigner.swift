import Foundation

/// Writes the zones of a `NameServer` to files, signed with ldns, and a root above them.
struct LabSigner {
  let folder: URL

  /// - Returns: file names by origin.
  func write(_ zones: [LabZone]) throws -> [String: String] {
    var files: [String: String] = [:]
    var delegations = ""
    for (index, zone) in zones.enumerated() {
      let file = "zone\(index)"
      let text = "$ORIGIN \(zone.origin)\n\(zone.text)\n"
      delegations += "\(zone.origin) 600 NS ns.\(zone.origin)\nns.\(zone.origin) 600 A 127.0.0.1\n"
      switch zone.signing {
      case .unsigned:
        try write(text, to: file)
        files[zone.origin] = file
      case .stripped:
        try write(text, to: file)
        delegations += try makeKey(zone.origin).delegation + "\n"
        files[zone.origin] = file
      case .signed, .expired:
        let isExpired = zone.signing == .expired
        let key = try makeKey(zone.origin)
        try write(text, to: file)
        try sign(file, zone.origin, key.name, isExpired: isExpired)
        try tamper(file + ".signed", zone.tampering)
        delegations += key.delegation + "\n"
        files[zone.origin] = file + ".signed"
      }
    }
    files["."] = try writeRoot(delegations)
    return files
  }

  private func writeRoot(_ delegations: String) throws -> String {
    let apex = """
      $ORIGIN .
      @ 600 SOA ns.root-server. hostmaster. 1 3600 600 86400 60
      @ 600 NS ns.root-server.
      ns.root-server. 600 A 127.0.0.1

      """
    let key = try makeKey(".")
    try write(apex + delegations, to: "root")
    try sign("root", ".", key.name, isExpired: false)
    try write(key.delegation + "\n", to: "root.ds")
    return "root.signed"
  }

  private func makeKey(_ origin: String) throws -> (name: String, delegation: String) {
    let name = try SupervisedProcess.run(
      NameServer.keygen, ["-a", "ECDSAP256SHA256", "-k", origin], in: folder.path)
    let delegation = try String(
      contentsOf: folder.appending(path: name + ".ds"), encoding: .utf8)
    return (name, delegation.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private func sign(_ file: String, _ origin: String, _ key: String, isExpired: Bool) throws {
    let now = Int(Date().timeIntervalSince1970)
    let day = 86_400
    let dates = isExpired ? (now - 60 * day, now - 30 * day) : (now - day, now + 30 * day)
    _ = try SupervisedProcess.run(
      NameServer.signzone,
      ["-i", "\(dates.0)", "-e", "\(dates.1)", "-o", origin, "-f", file + ".signed", file, key],
      in: folder.path)
  }

  private func tamper(_ file: String, _ replacements: [String: String]) throws {
    guard !replacements.isEmpty else { return }
    var text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    for (old, new) in replacements { text = text.replacingOccurrences(of: old, with: new) }
    try write(text, to: file)
  }

  private func write(_ text: String, to file: String) throws {
    try text.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
  }
}
