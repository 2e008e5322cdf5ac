package import Findings
package import Reconciliation
package import State

/// The world is wrong: disk, lock, state or definitions. Nothing was posted by a run that ends with one, unless the error
/// itself says that the run is committed.
package enum WorldError: Error, Sendable {
  case system(SystemFailure)
  /// The run is committed; carrying it out failed.
  case unpublished(run: Int, SystemFailure)
  /// The run is committed and published; the state could not note that.
  case unnoted(run: Int, StateError)
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
  /// The C library can't read GB18030.
  case noConverter

  /// After sysexits(3), as §9 of the design has them.
  package var exitCode: Int32 {
    switch self {
    case .system, .unpublished, .unnoted, .state, .severalFileSystems, .stateBehind, .rebuildRefused,
      .nothingToRebuild, .noConverter:
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
            en: "{0} failed for {1}: {2}. Nothing was posted; mend the cause and do it again.",
            zh: "{0} 失败：{1}：{2}。没有入账，排除原因后再试。"),
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
      case .unnoted(let run, let error):
        (
          Wording(
            en: "run {0} is committed and its files are published, but the state could not note that: {1}. "
              + "Mend the cause; the next run goes on from there, and nothing is posted twice.",
            zh: "批次 {0} 已提交，文件已发布，但状态库没能记下这一点：{1}。排除原因后，下次运行接着做，不会重复入账。"),
          [String(run), error.reason]
        )
      case .state(.damaged(let reason)):
        (
          Wording(
            en: "the state (.tallyman/state.sqlite) is damaged: {0}. Nothing was posted. "
              + "`tallyman verify` says more. If archive/records is whole, `tallyman rebuild` makes the state again from it; "
              + "else restore .tallyman/ from a backup.",
            zh: "状态库（.tallyman/state.sqlite）已损坏：{0}。没有入账。用 tallyman verify 查看详情。"
              + "archive/records 完整时，用 tallyman rebuild 重建；否则请从备份恢复 .tallyman/。"),
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
      case .noConverter:
        (
          Wording(
            en:
              "the C library has no converter for GB18030; nothing was opened. Install it (Debian and Ubuntu: "
              + "libc-gconv-modules-extra, or libc6 whole; Fedora: glibc-gconv-extra).",
            zh: "系统的 C 库没有 GB18030 转换模块，没有打开任何文件。请安装（Debian、Ubuntu：libc-gconv-modules-extra 或完整的 libc6；"
              + "Fedora：glibc-gconv-extra）。"), []
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
      case .state(.storage(let reason)):
        (
          Wording(
            en:
              "the disk does not let the state (.tallyman/state.sqlite) be read or written: {0}. Nothing was posted. "
              + "Look for room on the disk, for rights on .tallyman/ and for faults of the disk, then do it again; "
              + "`tallyman verify` tells whether the state itself is sound.",
            zh: "磁盘不允许读写状态库（.tallyman/state.sqlite）：{0}。没有入账。请检查磁盘空间、.tallyman/ 的权限和磁盘故障，然后再试；"
              + "用 tallyman verify 可确认状态库本身是否完好。"),
          [reason]
        )
      case .state(.busy):
        (
          Wording(
            en:
              "another program holds the state (.tallyman/state.sqlite). Nothing was posted. Close it, then do it again.",
            zh: "另一个程序占用了状态库（.tallyman/state.sqlite）。没有入账。请关闭它再试。"), []
        )
      case .state(.newer(let version, let known)):
        (
          Wording(
            en:
              "the state (.tallyman/state.sqlite) was written by a newer Tallyman (version {0}; this one knows {1}). "
              + "Nothing was posted. Install the newer one.",
            zh: "状态库（.tallyman/state.sqlite）由更新版本的理货员写成（版本 {0}，本程序只到 {1}）。没有入账。请安装新版本。"),
          [String(version), String(known)]
        )
      case .state(.older(let version, let known)):
        (
          Wording(
            en:
              "the state (.tallyman/state.sqlite) was written by an older Tallyman (version {0}; this one has {1}): "
              + "`tallyman run` brings it up to date.",
            zh: "状态库（.tallyman/state.sqlite）由旧版本的理货员写成（版本 {0}，本程序是 {1}）：运行一次 tallyman run 即可升级。"),
          [String(version), String(known)]
        )
      case .state(.notDurable(let setting, let value)):
        (
          Wording(
            en:
              "the state (.tallyman/state.sqlite) would not keep a commit through a power cut: SQLite says {0} = {1}. "
              + "Nothing was posted. Put the workspace on a local file system.",
            zh: "状态库（.tallyman/state.sqlite）无法在断电时保住提交：SQLite 报告 {0} = {1}。没有入账。请把工作目录放在本地文件系统上。"),
          [setting, value]
        )
      case .locked(let holder):
        (
          Wording(
            en: "another run works in this workspace{0}; this one ends without doing anything",
            zh: "另一个批次正在本工作目录运行{0}，本次不做任何事"),
          [holder.isEmpty ? "" : language == .english ? " (\(holder))" : "（\(holder)）"]
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
            en: "{0 fault|faults} in the definitions; no file was opened", zh: "定义有 {0} 处错误，没有打开任何文件"),
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
