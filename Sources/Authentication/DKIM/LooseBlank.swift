internal import Wire

/// Finds what the relaxed forms change: nearly all text stays as it is.
extension ArraySlice<UInt8> {
  /// Where, from `start` on, the first blank stands that the relaxed form of a body may change
  /// (RFC 6376 §3.4.4): a tab, or a blank before another, before a line end (for speed: before any
  /// control octet) or at the end. The end where there is none.
  func looseBlank(from start: Int) -> Int {
    firstPlace(from: start) { here, next in
      (here .== .all(.tab)) .| ((here .== .all(.blank)) .& (next .<= .all(.blank)))
    }
  }

  /// The same for the value of a header field, where line ends are changed as well (§3.4.2).
  func looseBlankOrCarriageReturn(from start: Int) -> Int {
    firstPlace(from: start) { here, next in
      (here .== .all(.tab)) .| (here .== .all(.carriageReturn))
        .| ((here .== .all(.blank)) .& (next .<= .all(.blank)))
    }
  }
}
