internal import Mail
internal import Wire

/// What the next seal of a message is to be (RFC 8617 §5.1 steps 2 and 3).
enum ARCSealPlan: Hashable, Sendable {
  /// The newest seal says that the chain has failed: nothing is added.
  case stop(failedAt: Int)
  case seal(instance: Int, status: ARCResult)

  /// - Parameter result: what validation found.
  /// - Throws: `tooManySets`.
  init(_ header: MessageHeader, result: ARCResult) throws(SigningFailure) {
    let highest = Self.highestInstance(in: header)
    if let newest = Self.seal(highest, in: header), newest.status == "fail" {
      self = .stop(failedAt: highest)
      return
    }
    let hasFields = Self.names.contains { !header.indices(of: $0).isEmpty }
    guard highest < ARCSet.maximumInstance else { throw .tooManySets }
    // ARC fields without a chain that validation could speak of are a broken chain (§5.2 step 3).
    let status = highest > 0 || hasFields ? (result == .pass ? ARCResult.pass : .fail) : .none
    self = .seal(instance: highest + 1, status: status)
  }

  private static let names = [
    ARCSet.authenticationResultsName, ARCSet.messageSignatureName, ARCSet.sealName,
  ]

  /// Over all three fields, so that a broken chain never gets a number twice.
  private static func highestInstance(in header: MessageHeader) -> Int {
    names.flatMap { name in
      header.fields(named: name).map { field in
        let value = header.value(of: field)
        let instance =
          name == ARCSet.authenticationResultsName
          ? ARCInstance(leading: value) : ARCInstance(tagIn: value)
        return instance?.number ?? 0
      }
    }
    .max() ?? 0
  }

  /// What the seal of this instance says in `cv=`; all else in it may be broken.
  private static func seal(
    _ instance: Int, in header: MessageHeader
  ) -> (status: String, field: HeaderField)? {
    for field in header.fields(named: ARCSet.sealName) {
      guard let tags = try? TagList(parsing: Array(header.value(of: field))),
        ARCInstance(tagIn: header.value(of: field))?.number == instance,
        let status = tags["cv"]?.value.lowercasedASCIIText
      else { continue }
      return (status, field)
    }
    return nil
  }
}
