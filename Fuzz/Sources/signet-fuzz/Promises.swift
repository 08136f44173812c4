import Dispatch
import Wire

/// Ends the program with a reason: libFuzzer keeps the input.
func stop(_ reason: String) -> Never {
  fatalError("BROKEN: \(reason)")
}

func require(
  _ isKept: Bool, _ promise: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !isKept { stop("\(file):\(line): \(promise())") }
}

/// Both values are the same, printed where they are not.
func requireEqual<Value: Equatable>(
  _ one: Value, _ other: Value, _ promise: String, file: StaticString = #fileID,
  line: UInt = #line
) {
  require(one == other, "\(promise)\n  \(one)\n  \(other)", file: file, line: line)
}

/// What was read, or nil; an error must point into the text or right behind it.
func reading<Value>(_ octets: [UInt8], _ read: () throws(SyntaxError) -> Value) -> Value? {
  do { return try read() } catch {
    require(
      (0...octets.count).contains(error.offset), "\(error) lies outside \(octets.count) octets")
    return nil
  }
}

/// What must be readable, because it was printed by us.
func rereading<Value>(
  _ text: String, file: StaticString = #fileID, line: UInt = #line,
  _ read: () throws(SyntaxError) -> Value
) -> Value {
  do { return try read() } catch {
    stop("\(file):\(line): printed, but cannot be read: \(error)\n  \(text.debugDescription)")
  }
}

func requireInside(
  _ range: Range<Int>, _ whole: Range<Int>, _ promise: String, file: StaticString = #fileID,
  line: UInt = #line
) {
  require(
    whole.lowerBound <= range.lowerBound && range.upperBound <= whole.upperBound,
    "\(promise): \(range) outside \(whole)", file: file, line: line)
}

/// A result that crosses from a task to the thread that waits for it; the semaphore orders both.
private final class Box<Value>: @unchecked Sendable {
  var value: Value?
}

/// Runs asynchronous work to its end. It starts on this thread and mostly ends there, since no
/// resolver here ever waits.
func waitFor<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
  let box = Box<Value>()
  let done = DispatchSemaphore(value: 0)
  Task.immediate {
    box.value = await work()
    done.signal()
  }
  done.wait()
  guard let value = box.value else { stop("no result") }
  return value
}
