/// What is known of a document from before: by the state, which knows all that was posted or is held.
public enum Prior: Sendable, Hashable {
  case unknown
  /// Posted with the same content by that run: nothing is to be done.
  case repeated(run: Int)
  /// Held with the same content since that run: it goes on waiting as it is. The other value judges it by what is posted, for one
  /// that is not approved any more; `nil` where what is held isn't, either.
  indirect case waiting(run: Int, Prior? = nil)
  /// Posted with other content. Postings whose bits are in `done` are as they were; what was posted of those in `back` is
  /// not what they ask for now.
  case changed(run: Int, done: UInt32, back: UInt32)
  /// An earlier file of this run brought it too. What that one gives has no voucher yet, so another version is judged by
  /// the next run.
  case laterVersion(run: Int, isEqual: Bool)
  /// Equal to what it was before that run corrected it, or took it back: an old export, it seems.
  ///
  /// - posted: the run that posted what is posted of it now; `nil` where nothing is.
  case reverted(run: Int, posted: Int?)
  /// An older version, as the other value judges it, than the one that is held: that one stays.
  ///
  /// - run: this one.
  indirect case olderThanHeld(run: Int, Prior)
  /// Posted in another fiscal year under the same key.
  case otherYear(posted: Int, now: Int)
  /// Posted in part: the postings whose bits are set are done, the others waited for a value and have it now.
  ///
  /// - isOfThisRun: an earlier file of this run posted that part; it has no voucher yet by which it could be taken back.
  case partly(run: Int, done: UInt32, isOfThisRun: Bool = false)

  /// The run that posted it, where anything of it is posted.
  var posted: Int? {
    switch self {
    case .repeated(let run), .changed(let run, _, _), .laterVersion(let run, _): run
    case .partly(let run, let done, _): done == 0 ? nil : run
    case .reverted(_, let posted): posted
    case .olderThanHeld(_, let older): older.posted
    case .unknown, .waiting, .otherYear: nil
    }
  }

  /// By what is posted alone.
  var ofPosted: Prior {
    switch self {
    case .waiting(_, let posted): posted ?? self
    case .olderThanHeld(_, let posted): posted
    default: self
    }
  }

  var isOfThisRun: Bool {
    switch ofPosted {
    case .laterVersion: true
    case .partly(_, _, let isOfThisRun): isOfThisRun
    default: false
    }
  }

  public var isChanged: Bool {
    switch self {
    case .changed, .laterVersion(_, isEqual: false), .reverted: true
    case .olderThanHeld(_, let older): older.isChanged
    default: false
    }
  }
}
