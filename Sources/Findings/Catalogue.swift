/// What is said of a kind of finding: what is wrong, and what the person who reads it can do.
struct Advice {
  let message: Wording
  let remedy: Wording

  init(_ message: Wording, help remedy: Wording) {
    self.message = message
    self.remedy = remedy
  }
}

extension FindingCode {
  /// What is wrong; its holes take the arguments that the code's comment lists.
  public var message: Wording { advice.message }

  /// What to do about it; its holes take the same arguments.
  public var remedy: Wording { advice.remedy }

  /// Which argument is the nearest valid name; it is "" where no name is near.
  var nearestArgument: Int? {
    switch self {
    case .unknownKey, .unknownName, .unknownFunction, .unknownAccount, .tableColumn, .columnMissing: 1
    case .unknownReference: 2
    default: nil
    }
  }

  private var advice: Advice {
    switch self {
    case .yamlSyntax: .yamlSyntax
    case .definitionMissing: .definitionMissing
    case .unknownKey: .unknownKey
    case .doubledKey: .doubledKey
    case .missingKey: .missingKey
    case .wrongShape: .wrongShape
    case .badValue: .badValue
    case .notBuiltYet: .notBuiltYet
    case .languageVersion: .languageVersion
    case .doubledName: .doubledName
    case .unknownReference: .unknownReference
    case .expressionSyntax: .expressionSyntax
    case .unknownName: .unknownName
    case .unknownFunction: .unknownFunction
    case .wrongArguments: .wrongArguments
    case .typeMismatch: .typeMismatch
    case .optionalUnguarded: .optionalUnguarded
    case .levelMismatch: .levelMismatch
    case .countedByRecord: .countedByRecord
    case .tableMissing: .tableMissing
    case .tableColumn: .tableColumn
    case .tableAmbiguous: .tableAmbiguous
    case .tableGap: .tableGap
    case .tableValue: .tableValue
    case .unknownAccount: .unknownAccount
    case .accountNotLeaf: .accountNotLeaf
    case .roleDoubled: .roleDoubled
    case .dimensionNotAllowed: .dimensionNotAllowed
    case .postingUnbalanced: .postingUnbalanced
    case .ruleNeverApplies: .ruleNeverApplies
    case .dimensionNotGiven: .dimensionNotGiven
    case .absorbNotHere: .absorbNotHere
    case .measureNotCarried: .measureNotCarried
    case .fileNameAmbiguous: .fileNameAmbiguous
    case .fileUnrecognised: .fileUnrecognised
    case .delimiterOther: .delimiterOther
    case .fileAmbiguous: .fileAmbiguous
    case .fileWrongKind: .fileWrongKind
    case .fileEmpty: .fileEmpty
    case .fileNotRegular: .fileNotRegular
    case .fileUnreadable: .fileUnreadable
    case .fileRepeated: .fileRepeated
    case .fileWithdrawn: .fileWithdrawn
    case .fileReplaced: .fileReplaced
    case .fileQuarantined: .fileQuarantined
    case .sidecarMismatch: .sidecarMismatch
    case .sidecarMalformed: .sidecarMalformed
    case .outboxNameTaken: .outboxNameTaken
    case .xmlBroken: .xmlBroken
    case .xmlDoctype: .xmlDoctype
    case .xmlRootOther: .xmlRootOther
    case .xmlNoDocuments: .xmlNoDocuments
    case .xmlTruncated: .xmlTruncated
    case .xmlEncoding: .xmlEncoding
    case .xmlLimit: .xmlLimit
    case .xmlDocumentTwice: .xmlDocumentTwice
    case .headerMissing: .headerMissing
    case .tooManyColumns: .tooManyColumns
    case .columnMissing: .columnMissing
    case .columnDoubled: .columnDoubled
    case .badByte: .badByte
    case .quoteUnclosed: .quoteUnclosed
    case .quoteStray: .quoteStray
    case .cellCount: .cellCount
    case .rowWithoutHead: .rowWithoutHead
    case .tagMisplaced: .tagMisplaced
    case .documentWithoutRows: .documentWithoutRows
    case .headUnused: .headUnused
    case .headDoubled: .headDoubled
    case .rowTooLong: .rowTooLong
    case .documentTooLong: .documentTooLong
    case .trailerMissing: .trailerMissing
    case .trailerMismatch: .trailerMismatch
    case .rowAfterTrailer: .rowAfterTrailer
    case .valueMissing: .valueMissing
    case .badNumber: .badNumber
    case .tooManyDecimals: .tooManyDecimals
    case .percentUndeclared: .percentUndeclared
    case .excelScientific: .excelScientific
    case .numberOutOfRange: .numberOutOfRange
    case .divisionByZero: .divisionByZero
    case .badDate: .badDate
    case .badFlag: .badFlag
    case .codeNotFound: .codeNotFound
    case .documentDisagrees: .documentDisagrees
    case .documentRepeated: .documentRepeated
    case .documentWaiting: .documentWaiting
    case .documentBeforeStart: .documentBeforeStart
    case .documentChanged: .documentChanged
    case .documentCorrected: .documentCorrected
    case .codeTaken: .codeTaken
    case .bookCodeChanged: .bookCodeChanged
    case .keyChanged: .keyChanged
    case .waitingOtherKey: .waitingOtherKey
    case .documentReposted: .documentReposted
    case .repostKept: .repostKept
    case .repostOrdered: .repostOrdered
    case .documentLaterVersion: .documentLaterVersion
    case .documentReverted: .documentReverted
    case .documentOlder: .documentOlder
    case .documentWithdrawn: .documentWithdrawn
    case .documentMissing: .documentMissing
    case .documentMissingReversed: .documentMissingReversed
    case .heldMissing: .heldMissing
    case .snapshotIncomplete: .snapshotIncomplete
    case .snapshotUnreadable: .snapshotUnreadable
    case .snapshotRepeated: .snapshotRepeated
    case .documentAdopted: .documentAdopted
    case .postedHere: .postedHere
    case .adoptedChanged: .adoptedChanged
    case .entriesLost: .entriesLost
    case .accountGone: .accountGone
    case .bookChanged: .bookChanged
    case .postingGone: .postingGone
    case .periodClosed: .periodClosed
    case .periodMoved: .periodMoved
    case .periodOtherYear: .periodOtherYear
    case .voucherDateRaised: .voucherDateRaised
    case .periodWasClosed: .periodWasClosed
    case .periodForced: .periodForced
    case .monthGathered: .monthGathered
    case .periodWasOpened: .periodWasOpened
    case .documentWithoutVoucher: .documentWithoutVoucher
    case .documentOtherYear: .documentOtherYear
    case .rejectKeyChanged: .rejectKeyChanged
    case .rejectRowsChanged: .rejectRowsChanged
    case .documentIncomplete: .documentIncomplete
    case .monthlyWithdrawn: .monthlyWithdrawn
    case .documentVoid: .documentVoid
    case .documentVoided: .documentVoided
    case .documentDismissed: .documentDismissed
    case .documentAccepted: .documentAccepted
    case .rejectNumberUnknown: .rejectNumberUnknown
    case .documentSuperseded: .documentSuperseded
    case .checkFailed: .checkFailed
    case .fileStopped: .fileStopped
    case .rowOfRejected: .rowOfRejected
    case .currencyUnknown: .currencyUnknown
    case .rateNotPositive: .rateNotPositive
    case .voucherUnbalanced: .voucherUnbalanced
    case .accountUnknownInTable: .accountUnknownInTable
    case .dimensionRequired: .dimensionRequired
    case .contractBreach: .contractBreach
    case .valueCut: .valueCut
    case .characterReplaced: .characterReplaced
    case .characterUnwritable: .characterUnwritable
    case .newCodeLeftOut: .newCodeLeftOut
    case .voucherUnknown: .voucherUnknown
    case .voucherIsVoid: .voucherIsVoid
    case .answerContradicts: .answerContradicts
    case .voucherTwice: .voucherTwice
    case .numberDiffers: .numberDiffers
    case .voucherAnswered: .voucherAnswered
    case .voucherRefused: .voucherRefused
    case .refusedToCorrect: .refusedToCorrect
    case .vouchersSilent: .vouchersSilent
    case .voucherVoided: .voucherVoided
    case .stateDamaged: .stateDamaged
    case .stateBehind: .stateBehind
    case .stateDiffers: .stateDiffers
    case .recordMissing: .recordMissing
    case .headUnknown: .headUnknown
    case .recordChanged: .recordChanged
    case .archivedFileMissing: .archivedFileMissing
    case .archivedFileChanged: .archivedFileChanged
    case .publishedFileChanged: .publishedFileChanged
    }
  }
}
