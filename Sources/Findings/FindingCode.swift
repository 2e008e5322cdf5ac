/// The kinds of wrong that Tallyman can name. A raw value is stable for ever: operators search for it,
/// scripts match on it, and `samples/findings/` has a folder for each that provokes it.
///
/// The comment behind a case lists its arguments, in the order of the holes `{0}`, `{1}` … of its wording.
public enum FindingCode: String, Sendable, Hashable, CaseIterable {
  // Definitions: a mapping, book, profile or table is wrong (exit code 78).
  case yamlSyntax = "yaml-syntax"  // what the YAML parser says
  case definitionMissing = "definition-missing"  // path
  case unknownKey = "unknown-key"  // key, nearest or ""
  case doubledKey = "doubled-key"  // key
  case missingKey = "missing-key"  // key
  case wrongShape = "wrong-shape"  // what is expected
  case badValue = "bad-value"  // value, what is allowed
  case notBuiltYet = "not-built-yet"  // construct
  case languageVersion = "language-version"  // value
  case doubledName = "doubled-name"  // kind, name, where first
  case unknownReference = "unknown-reference"  // kind, name, nearest or ""
  case expressionSyntax = "expression-syntax"  // what was expected
  case unknownName = "unknown-name"  // name, nearest or ""
  case unknownFunction = "unknown-function"  // name, nearest or ""
  case wrongArguments = "wrong-arguments"  // function, what it takes
  case typeMismatch = "type-mismatch"  // found, expected
  case optionalUnguarded = "optional-unguarded"  // name
  case levelMismatch = "level-mismatch"  // name
  case countedByRecord = "counted-by-record"  // name of what belongs to the document
  case tableMissing = "table-missing"  // path
  case tableColumn = "table-column"  // column, nearest or ""
  case tableAmbiguous = "table-ambiguous"  // first line, second line, key
  case tableGap = "table-gap"  // key, first day, last day, first line, second line
  case tableValue = "table-value"  // value, what is expected
  case unknownAccount = "unknown-account"  // account or role, nearest or ""
  case accountNotLeaf = "account-not-leaf"  // account
  case roleDoubled = "role-doubled"  // role, accounts
  case dimensionNotAllowed = "dimension-not-allowed"  // dimension, account
  case postingUnbalanced = "posting-unbalanced"  // posting, by how much debits exceed credits
  case ruleNeverApplies = "rule-never-applies"  // rule, "true" or "false"
  case dimensionNotGiven = "dimension-not-given"  // dimension, account
  case absorbNotHere = "absorb-not-here"  // account
  case measureNotCarried = "measure-not-carried"  // measure
  case fileNameAmbiguous = "file-name-ambiguous"  // pattern, missing hole

  // Recognition: what kind of file is it (the file stays in the inbox).
  case fileUnrecognised = "file-unrecognised"  // nearest interface or "", what is missing
  case delimiterOther = "delimiter-other"  // interface, what stands between the cells, what should
  case fileAmbiguous = "file-ambiguous"  // interfaces
  case fileWrongKind = "file-wrong-kind"  // what it is by its first bytes
  case fileEmpty = "file-empty"
  case fileNotRegular = "file-not-regular"  // what it is
  case fileUnreadable = "file-unreadable"  // system's reason
  case fileRepeated = "file-repeated"  // run that took it
  case fileWithdrawn = "file-withdrawn"
  case fileReplaced = "file-replaced"
  case fileQuarantined = "file-quarantined"  // times
  case sidecarMismatch = "sidecar-mismatch"  // digest stated, digest found
  case sidecarMalformed = "sidecar-malformed"
  case outboxNameTaken = "outbox-name-taken"  // name

  // Reading: bytes to rows.
  case xmlBroken = "xml-broken"  // the parser's sentence
  case xmlDoctype = "xml-doctype"  // the document type's name
  case xmlRootOther = "xml-root-other"  // root element found or "", root element wanted
  case xmlNoDocuments = "xml-no-documents"  // path of the documents
  case xmlTruncated = "xml-truncated"  // name of the element that is open
  case xmlEncoding = "xml-encoding"  // encoding that the file declares or ""
  case xmlLimit = "xml-limit"  // name of the limit, the limit
  case xmlDocumentTwice = "xml-document-twice"  // line of the first one
  case headerMissing = "header-missing"  // columns sought, rows looked through, bytes looked through
  case tooManyColumns = "too-many-columns"  // found, limit
  case columnMissing = "column-missing"  // column, nearest or ""
  case columnDoubled = "column-doubled"  // column, positions
  case badByte = "bad-byte"  // byte in hex, encoding
  case quoteUnclosed = "quote-unclosed"
  case quoteStray = "quote-stray"  // character after the closing quote
  case cellCount = "cell-count"  // found, expected
  case rowWithoutHead = "row-without-head"  // pattern of the file with the heads, key
  case tagMisplaced = "tag-misplaced"  // tag found, tags expected
  case documentWithoutRows = "document-without-rows"  // tag of the rows that are missing
  case headUnused = "head-unused"  // key
  case headDoubled = "head-doubled"  // key, first line
  case rowTooLong = "row-too-long"  // limit in bytes
  case documentTooLong = "document-too-long"  // limit in bytes
  case trailerMissing = "trailer-missing"  // mark
  case trailerMismatch = "trailer-mismatch"  // column, declared, summed
  case rowAfterTrailer = "row-after-trailer"

  // Fields: cells to values.
  case valueMissing = "value-missing"  // field
  case badNumber = "bad-number"  // value, field
  case tooManyDecimals = "too-many-decimals"  // value, field, decimals allowed
  case percentUndeclared = "percent-undeclared"  // value, field
  case excelScientific = "excel-scientific"  // value, field
  case numberOutOfRange = "number-out-of-range"  // field
  case divisionByZero = "division-by-zero"  // field
  case badDate = "bad-date"  // value, field
  case badFlag = "bad-flag"  // value, field
  case codeNotFound = "code-not-found"  // table, key

  // Documents: rows to documents, and their verdicts.
  case documentDisagrees = "document-disagrees"  // field, first value, this value
  case documentRepeated = "document-repeated"  // key, run
  case documentWaiting = "document-waiting"  // key, run
  case documentBeforeStart = "document-before-start"  // key, date, start
  case documentChanged = "document-changed"  // key, run
  case documentCorrected = "document-corrected"  // key, run
  case documentReposted = "document-reposted"  // key, run
  case repostKept = "repost-kept"  // key, what speaks against it
  case repostOrdered = "repost-ordered"  // interface, documents, who, why
  case documentLaterVersion = "document-later-version"  // key, run
  case documentOlder = "document-older"  // key, run that brought an older version
  case documentReverted = "document-reverted"  // key, run that corrected it
  case documentWithdrawn = "document-withdrawn"  // key, run that posted it
  case documentMissing = "document-missing"  // key, run that posted it
  case documentMissingReversed = "document-missing-reversed"  // key, run that posted it
  case heldMissing = "held-missing"  // key
  case snapshotIncomplete = "snapshot-incomplete"  // documents that are missing, documents posted, first keys
  case snapshotUnreadable = "snapshot-unreadable"  // documents without a key
  case snapshotRepeated = "snapshot-repeated"  // run that took the same bytes
  case documentAdopted = "document-adopted"  // key
  case postedHere = "posted-here"  // key
  case adoptedChanged = "adopted-changed"  // key
  case entriesLost = "entries-lost"  // key, voucher, run
  case accountGone = "account-gone"  // key, voucher, account
  case bookChanged = "book-changed"  // key, book now, book of what is posted, its voucher
  case postingGone = "posting-gone"  // key, posting's code, number
  case periodClosed = "period-closed"  // key, date, book
  case periodMoved = "period-moved"  // key, date, book, date in the first open period
  case periodOtherYear = "period-other-year"  // key, date, book, date in the first open period
  case voucherDateRaised = "voucher-date-raised"  // voucher, its date, the date that it has
  case periodWasClosed = "period-was-closed"  // period, book, who
  case periodForced = "period-forced"  // key, period, why, what it waits for
  case monthGathered = "month-gathered"  // period, documents, who
  case periodWasOpened = "period-was-opened"  // period, book, who
  case documentWithoutVoucher = "document-without-voucher"  // key, posting
  case documentOtherYear = "document-other-year"  // key, year posted, year now
  case rejectKeyChanged = "reject-key-changed"  // reject number, key that it had, key that came back
  case rejectRowsChanged = "reject-rows-changed"  // reject number, rows that it had, rows that came back
  case documentIncomplete = "document-incomplete"  // key
  case monthlyWithdrawn = "monthly-withdrawn"  // document
  case codeTaken = "code-taken"  // code, posting that has it now, posting that had it
  case bookCodeChanged = "book-code-changed"  // book, code that it had, code now
  case keyChanged = "key-changed"  // interface, last run with the other key
  case waitingOtherKey = "waiting-other-key"  // key, run since which it waits
  case documentVoid = "document-void"  // key
  case documentVoided = "document-voided"  // key, run that posted it
  case documentDismissed = "document-dismissed"  // key or reject number, who, why
  case documentAccepted = "document-accepted"  // key, who, why
  case rejectNumberUnknown = "reject-number-unknown"  // number
  case documentSuperseded = "document-superseded"  // key
  case checkFailed = "check-failed"  // the mapping's own message; of `… in TABLE` also table and key
  case fileStopped = "file-stopped"  // the reason
  case rowOfRejected = "row-of-rejected"  // line of the row that is wrong

  // Posting: documents to vouchers.
  case currencyUnknown = "currency-unknown"  // text found
  case rateNotPositive = "rate-not-positive"  // posting
  case voucherUnbalanced = "voucher-unbalanced"  // posting, debits, credits
  case accountUnknownInTable = "account-unknown-in-table"  // value, rule
  case dimensionRequired = "dimension-required"  // dimension, account
  case contractBreach = "contract-breach"  // profile, column, value, the rule that is broken
  case valueCut = "value-cut"  // profile, column, value, bytes
  case characterReplaced = "character-replaced"  // profile, column, character, encoding, replacement
  case characterUnwritable = "character-unwritable"  // profile, column, character, encoding
  case newCodeLeftOut = "new-code-left-out"  // table, code, why

  // Answers of the finance system to vouchers.
  case voucherUnknown = "voucher-unknown"  // voucher
  case voucherIsVoid = "voucher-is-void"  // voucher
  case answerContradicts = "answer-contradicts"  // voucher, number, reason
  case voucherTwice = "voucher-twice"  // voucher, number known, number now
  case numberDiffers = "number-differs"  // voucher, number that it has, number there
  case voucherAnswered = "voucher-answered"  // voucher, number
  case voucherRefused = "voucher-refused"  // voucher, why
  case refusedToCorrect = "refused-to-correct"  // key, voucher
  case vouchersSilent = "vouchers-silent"  // prefix, how many, days, run since
  case voucherVoided = "voucher-voided"  // voucher, who, why

  // Proof: what `tallyman verify` finds in state, archive and outbox.
  case stateDamaged = "state-damaged"  // reason
  case stateBehind = "state-behind"  // last run that it knows, what was found, its run
  case stateDiffers = "state-differs"  // what of the state
  case recordMissing = "record-missing"  // run
  case headUnknown = "head-unknown"  // head of the chain that was given
  case recordChanged = "record-changed"  // run, reason
  case archivedFileMissing = "archived-file-missing"
  case archivedFileChanged = "archived-file-changed"  // SHA-256 as recorded, SHA-256 now
  case publishedFileChanged = "published-file-changed"  // SHA-256 as recorded, SHA-256 now
}
