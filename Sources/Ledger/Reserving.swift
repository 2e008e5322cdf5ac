extension Array {
  /// Makes room for so many times the elements that there are by now, and an eighth more. What is never used costs no memory.
  @inlinable
  public mutating func reserve(times: Int) {
    let (wanted, overflow) = count.multipliedReportingOverflow(by: times)
    if !overflow, wanted < 1 << 32 { reserveCapacity(wanted + wanted / 8) }
  }
}
