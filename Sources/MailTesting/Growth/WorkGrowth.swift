/// How the processor time of some work grows when its size doubles, twice.
///
/// Time is that of the thread which does the work, the least of several tries, so that a busy
/// machine changes little: linear work doubles, quadratic work takes four times as long.
public struct WorkGrowth: Sendable {
  /// Seconds at the size, at twice and at four times the size.
  public private(set) var seconds: [Double] = []

  /// The larger of both factors.
  public var factor: Double {
    zip(seconds.dropFirst(), seconds).map { $0 / max($1, 1e-9) }.max() ?? .infinity
  }

  /// - Parameters:
  ///   - limit: no further try is made once the factor is below it.
  ///   - prepare: what is to be done at one size; its own time does not count.
  public init(
    from size: Int, below limit: Double, tries: Int = 8,
    _ prepare: (Int) throws -> @Sendable () async throws -> Void
  ) async throws {
    let works = try [size, 2 * size, 4 * size].map(prepare)
    let thread = OneThread()
    defer { thread.close() }
    seconds = [Double](repeating: .infinity, count: works.count)
    for _ in 0..<tries where factor >= limit || factor.isNaN {
      for (index, work) in works.enumerated() {
        seconds[index] = min(seconds[index], try await thread.seconds(of: work))
      }
    }
  }
}
