package import Findings
package import Reconciliation
package import State

/// The world is wrong: disk, lock, state or definitions. Nothing was posted by the run that ends with one.
package enum WorldError: Error, Sendable {
  case system(SystemFailure)
  /// The run is committed; carrying it out failed.
  case unpublished(run: Int, SystemFailure)
  case state(StateError)
  case locked(by: String)
  case severalFileSystems(String, String)
  case noWorkspace(String)
  case definitions([Finding], Language)
  case lawBroken([Untied])
  case interrupted
  /// The state was deleted, or an older copy was put in its place.
  /// `path` is what shows that there was a run `run`.
  case stateBehind(knows: Int, run: Int, path: String, canRebuild: Bool)
  /// The archive does not prove what the state was.
  case rebuildRefused([Finding])
  case nothingToRebuild

  /// After sysexits(3), as §9 of the design has them.
  package var exitCode: Int32 {
    switch self {
    case .system, .unpublished, .state, .severalFileSystems, .stateBehind, .rebuildRefused, .nothingToRebuild:
      74
    case .locked, .interrupted: 75
    case .definitions, .noWorkspace: 78
    case .lawBroken: 70
    }
  }

  package func message(in language: Language) -> String {
    let (wording, arguments): (Wording, [String]) =
      switch self {
      case .system(let failure):
        (
          Wording(
            en: "{0} failed for {1}: {2}. Nothing was posted by this run; mend the cause and run again.",
            zh: "{0} 失败：{1}：{2}。本批次没有入账，排除原因后再运行。"),
          [failure.call, failure.path, failure.reason]
        )
      case .unpublished(let run, let failure):
        (
          Wording(
            en: "run {0} is committed, but its files could not all be published: {1} failed for {2}: {3}. "
              + "Mend the cause; the next run publishes them, once.",
            zh: "批次 {0} 已提交，但文件没有全部发布：{1} 失败：{2}：{3}。排除原因后，下次运行会发布，且只发布一次。"),
          [String(run), failure.call, failure.path, failure.reason]
        )
      case .state(.damaged(let reason)):
        (
          Wording(
            en: "the state (.tallyman/state.sqlite) is damaged: {0}. Nothing was posted by this run. "
              + "`tallyman verify` says more; `tallyman rebuild` makes the state again from the archive.",
            zh: "状态库（.tallyman/state.sqlite）已损坏：{0}。本批次没有入账。"
              + "用 tallyman verify 查看详情，用 tallyman rebuild 从 archive 重建。"),
          [reason]
        )
      case .stateBehind(let knows, let run, let path, let canRebuild):
        (
          Wording(
            en:
              "the state (.tallyman/state.sqlite) ends with run {0}, but there was a run {1} ({2}): the state was deleted, "
              + "or an older copy was put in its place. Nothing was posted, so that nothing is posted twice. "
              + (canRebuild
                ? "`tallyman rebuild` makes it again from the archive."
                : "Restore .tallyman/ and archive/ from a backup. To begin anew, move archive/ and outbox/ away first."),
            zh: "状态库（.tallyman/state.sqlite）只到批次 {0}，但已经有过批次 {1}（{2}）：状态库被删除，或被换成了旧的副本。"
              + "没有入账，以免重复入账。"
              + (canRebuild
                ? "用 tallyman rebuild 从 archive 重建。"
                : "请从备份恢复 .tallyman/ 和 archive/。若要从头开始，请先移走 archive/ 和 outbox/。")),
          [String(knows), String(run), path]
        )
      case .rebuildRefused:
        (
          Wording(
            en:
              "the archive does not prove what the state was; nothing was changed. Restore archive/ (and the state) "
              + "from a backup, then run `tallyman verify`.",
            zh: "archive 不足以证明原来的状态，没有改动任何东西。请从备份恢复 archive/（和状态库），再运行 tallyman verify。"),
          []
        )
      case .nothingToRebuild:
        (
          Wording(
            en: "there is no record of any run in archive/records: nothing to rebuild from",
            zh: "archive/records 中没有任何批次的记录，无从重建"), []
        )
      case .state(let error):
        (
          Wording(
            en: "the state (.tallyman/state.sqlite) can't be used: {0}. Nothing was posted by this run.",
            zh: "状态库（.tallyman/state.sqlite）不能使用：{0}。本批次没有入账。"),
          ["\(error)"]
        )
      case .locked(let holder):
        (
          Wording(
            en: "another run works in this workspace ({0}); this one ends without doing anything",
            zh: "另一个批次正在本工作目录运行（{0}），本次不做任何事"),
          [holder]
        )
      case .severalFileSystems(let inside, let outbox):
        (
          Wording(
            en: "{0}, the outbox ({1}) and the archive must be on one file system",
            zh: "{0}、outbox（{1}）和 archive 必须在同一个文件系统上"),
          [inside, outbox]
        )
      case .noWorkspace(let path):
        (
          Wording(
            en: "{0} is no workspace: it has no folder mappings/", zh: "{0} 不是工作目录：没有 mappings/ 文件夹"),
          [path]
        )
      case .definitions(let findings, _):
        (
          Wording(
            en: "{0} faults in the definitions; no file was opened", zh: "定义有 {0} 处错误，没有打开任何文件"),
          [String(findings.count)]
        )
      case .lawBroken(let untied):
        (
          Wording(
            en:
              "the books of this run do not tie ({0} lines): nothing was published. This is a fault of Tallyman: {1}",
            zh: "本批次对账不平（{0} 行），没有发布任何文件。这是理货员的错误：{1}"),
          [String(untied.count), untied.first.map { "\($0)" } ?? ""]
        )
      case .interrupted:
        (
          Wording(
            en: "stopped before the commit: nothing was posted; the next run goes on with it",
            zh: "在提交之前停止：没有入账，下次运行会接着做"),
          []
        )
      }
    return wording.text(in: language, arguments)
  }
}
