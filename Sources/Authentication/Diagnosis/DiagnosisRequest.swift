internal import Mail
internal import Wire

/// A signature that fails over a message, and the key that it should verify with.
struct DiagnosisRequest {
  let signature: MessageSignature
  /// The field that holds it.
  let field: HeaderField
  let header: MessageHeader
  let body: [UInt8]
  let key: DKIMPublicKey

  /// Examines the message; nil where the signature verifies after all, or where hashing the body
  /// once would pass the budget.
  func diagnose(_ budget: DiagnosisBudget) -> SignatureDiagnosis? {
    var work = DiagnosisWork(budget)
    let copied = CopiedFields(header.value(of: field))
    let received = Restoration(header: header, body: body)
    guard let isBodySigned = isSigned(received.body, &work) else { return nil }
    let isBodyExamined = isBodySigned || body.count <= budget.maximumBody
    var headers = HeaderSearch(self, work)
    let isHeaderSigned = headers.verifies(header)
    guard !isBodySigned || !isHeaderSigned else { return nil }
    var diagnosis = SignatureDiagnosis(
      part: isHeaderSigned ? .body : isBodySigned ? .header : .both,
      explainsBody: isBodySigned, explainsHeader: isHeaderSigned)
    var restored: Restoration?
    if !isBodySigned, isBodyExamined {
      var bodies = BodySearch(signature, signedBoundary: signedBoundary(copied), headers.work)
      restored = bodies.restore(received)
      diagnosis.changes = restored?.findings ?? []
      diagnosis.explainsBody = restored != nil
      headers.take(bodies.work)
    }
    if !isHeaderSigned {
      explainHeader(&diagnosis, restored, copied, &headers)
    }
    diagnosis.take(headers.work, isBodyExamined: isBodyExamined)
    return diagnosis
  }

  /// Nil where the budget does not allow to tell.
  private func isSigned(_ octets: [UInt8], _ work: inout DiagnosisWork) -> Bool? {
    guard work.mayTryBody(hashing: octets.count) else { return nil }
    var trial = BodyTrial(signature.bodyHashKind)
    trial.feed(octets[...])
    return trial.matches(signature.bodyHash)
  }

  private func explainHeader(
    _ diagnosis: inout SignatureDiagnosis, _ restored: Restoration?, _ copied: CopiedFields,
    _ headers: inout HeaderSearch
  ) {
    diagnosis.differingFields = headers.differences(header, copied).map(\.field.name)
    // Undoing a change of the body may have put the signed Content- fields back.
    if let restored, headers.verifies(restored.header) {
      diagnosis.explainsHeader = true
      return
    }
    var candidates = [header]
    if let restored, restored.header.octets != header.octets {
      candidates.insert(restored.header, at: 0)
    }
    for candidate in candidates {
      if let changes = headers.changes(of: candidate, copied) {
        diagnosis.changes += changes
        diagnosis.explainsHeader = true
        return
      }
    }
  }

  /// The boundary of the multipart that was signed, by the signer's copy.
  private func signedBoundary(_ copied: CopiedFields) -> [UInt8]? {
    copied.copies(of: "content-type").first.flatMap {
      try? ContentType(parsing: $0.value).boundary
    }
  }
}

extension SignatureDiagnosis {
  fileprivate mutating func take(_ work: DiagnosisWork, isBodyExamined: Bool) {
    hashedOctets = work.hashedOctets
    bodiesTried = work.bodies
    publicKeyOperations = work.publicKeyOperations
    if !isBodyExamined {
      limits.append("The body is longer than \(work.budget.maximumBody) octets: not examined.")
    }
    if work.isExhausted { limits.append("The budget was spent before every change was tried.") }
  }
}
