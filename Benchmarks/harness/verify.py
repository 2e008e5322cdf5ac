"""Compares what a job made with what it must make."""
import csv, glob, hashlib, json, sys

counted = {}


def expected(data, job):
    with open(data + "/sales.csv.expected.json") as file:
        whole = json.load(file)
    return {name: whole[name] for name in ["rows", "documents", "bad_rows", "bad_documents"]} | whole[job]


def cents(text):
    """Exact, and fails on anything but an amount with two decimals."""
    if not text:
        return 0
    whole, decimals = text.split(".")
    assert len(decimals) == 2
    return int(whole + decimals)


def count(path):
    """Vouchers, entries and totals by account of a voucher file. A file with the same bytes is not counted twice."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest not in counted:
        vouchers, entries, totals = 0, 0, {}
        last = None
        with open(path, newline="") as file:
            rows = csv.reader(file)
            names = next(rows)
            columns = [names.index(name) for name in ["凭证号", "科目编码", "借方金额", "贷方金额"]]
            for row in rows:
                number, account, debit, credit = (row[n] for n in columns)
                vouchers += number != last
                last = number
                entries += 1
                totals[account] = totals.get(account, 0) + cents(debit) + cents(credit)
        counted[digest] = {"vouchers": vouchers, "entries": entries, "totals": totals}
    return counted[digest]


def same(found, data, job, who):
    wanted = expected(data, job)
    wanted["totals"] = {account: cents(total) for account, total in wanted["totals"].items()}
    wrong = {name: (value, wanted[name]) for name, value in found.items() if value != wanted[name]}
    if wrong:
        sys.exit(f"{who}, job {job} on {data}: (found, expected) differ: {wrong}")


def peer(taken, data, job, target, who):
    """What a peer says of itself, and the voucher file that it wrote."""
    said = json.loads(taken.output)
    said["totals"] = {account: cents(total) for account, total in said["totals"].items()}
    same(said, data, job, who)
    same(count(target), data, job, who)


def vouchers(workspace, run=1):
    return glob.glob(f"{workspace}/outbox/main_sales-issue_????-??_{run:06d}.csv")


def tally(workspace, run=1, name="sales.csv"):
    """The numbers of a run's reconciliation log: (subject, bucket) to amount."""
    with open(f"{workspace}/outbox/reconciliation_{run:06d}.csv", newline="") as file:
        return {(row["subject"], row["bucket"]): row["amount"] for row in csv.DictReader(file) if row["file"] == name}


def tallyman(workspace, data, job, who="Tallyman"):
    """The voucher file, and the reconciliation log beside it."""
    [path] = vouchers(workspace)
    same(count(path), data, job, who)
    said = tally(workspace)
    same({"rows": int(said["rows", "read"]), "documents": int(said["documents", "read"]),
          "bad_documents": int(said["documents", "rejected"])}, data, job, who)


def repeated(workspace, data, job):
    """The second run over the same file posts nothing."""
    wanted, said = expected(data, job), tally(workspace, run=2)
    if vouchers(workspace, run=2) or int(said["documents", "repeated"]) != wanted["documents"] - wanted["bad_documents"]:
        sys.exit(f"job {job} on {data}: the same file again: {said}")
