internal import Crypto
internal import Mail
internal import Wire

/// The Authenticated Received Chain of a message, read before its body is there (RFC 8617 §5.2).
struct ARCChain: Sendable {
  private enum Standing: Sendable {
    case none
    case refused(ARCFailure)
    case open
  }

  private let standing: Standing
  private let sets: [ARCSet]
  private let header: MessageHeader

  init(_ header: MessageHeader) {
    self.header = header
    do throws(ARCFailure) {
      sets = try ARCSet.chain(in: header)
      standing =
        if sets.isEmpty {
          .none
        } else if let failure = Self.statusFailure(sets) {
          .refused(failure)
        } else {
          .open
        }
    } catch {
      sets = []
      standing = .refused(error)
    }
  }

  /// §5.2 steps 2 and 3C, and RFC 8301 §3.1 for the algorithms.
  private static func statusFailure(_ sets: [ARCSet]) -> ARCFailure? {
    if let last = sets.last, last.seal.chainStatus == .fail {
      return .sealedAsFailed(instance: last.instance)
    }
    for set in sets {
      if set.seal.chainStatus != (set.instance == 1 ? .none : .pass) {
        return .wrongStatus(instance: set.instance)
      }
      if set.seal.algorithm == .rsaSHA1 { return .seal(instance: set.instance, .sha1) }
    }
    return nil
  }

  private var isOpen: Bool { if case .open = standing { true } else { false } }

  /// The names of the keys that are needed.
  var keyNames: Set<DomainName> {
    guard isOpen else { return [] }
    return Set(sets.flatMap { [$0.seal.keyName, $0.messageSignature.keyName] }.compactMap(\.self))
  }

  /// Asks for the body hashes that are needed.
  func request(in hashes: inout BodyHashes) {
    guard isOpen else { return }
    for set in sets where set.messageSignature.algorithm != .rsaSHA1 {
      hashes.request(set.messageSignature.bodyHashKind)
    }
  }

  /// Validates the chain (§5.2 steps 4 to 7).
  func verdict(
    keys: [DomainName: DKIMKeyAnswer], digests: BodyDigests, now: UInt64,
    policy: DKIMPolicy
  ) -> ARCVerdict {
    var verdict = ARCVerdict(.none)
    verdict.instances = max(sets.count, highestInstanceSeen)
    verdict.sealers = sets.map(\.seal.sealingDomain)
    verdict.selectors = sets.map(\.seal.selector)
    verdict.testimonies = sets.map(testimony)
    verdict.coversAuthor = newestCoversFrom
    switch standing {
    case .none:
      return verdict
    case .refused(let failure):
      verdict.conclude(failure)
    case .open:
      var validation = ARCValidation(
        header: header, sets: sets, keys: keys, digests: digests, now: now, policy: policy)
      do throws(ARCFailure) {
        verdict.oldestPass = try validation.validate()
        verdict.result = .pass
      } catch {
        verdict.evidence = validation.evidence
        verdict.failedKeys = validation.failedKeys
        verdict.conclude(error)
        return verdict
      }
      verdict.evidence = validation.evidence
      verdict.failedKeys = validation.failedKeys
    }
    return verdict
  }

  private var newestCoversFrom: Bool {
    let signed = sets.last?.messageSignature.signedFields.filter { $0 == "from" }.count ?? 0
    return signed > 0 && signed >= header.indices(of: "from").count
  }

  private func testimony(_ set: ARCSet) -> AuthenticationTestimony {
    let value = header.value(of: set.authenticationResults)
    let start = ARCInstance.end(in: value).map { $0 + 1 } ?? value.startIndex
    let line = value[start...].filter { $0 != .carriageReturn && $0 != .lineFeed }
    return AuthenticationTestimony(
      instance: set.instance, text: line[...].trimmingFoldingWhitespace.text)
  }

  /// How many sets there seem to be where the structure is broken.
  private var highestInstanceSeen: Int {
    header.fields(named: ARCSet.sealName)
      .compactMap { ARCInstance(tagIn: header.value(of: $0))?.number }.max() ?? 0
  }
}

extension ARCVerdict {
  fileprivate mutating func conclude(_ failure: ARCFailure) {
    result = .fail
    self.failure = failure
    evidence.append(
      Evidence(
        step: "arc chain", subject: "\(instances) sets", found: "\(failure)", outcome: "fail",
        cites: failure.cites))
  }
}
