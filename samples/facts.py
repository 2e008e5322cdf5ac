#!/usr/bin/env python3
"""Computes what each sample must give, apart from Tallyman: facts.json beside each sample.yaml.

usage: python3 facts.py             (standard library only; exact decimals, never a float)

It reads the samples' files, the charts and the code tables, but no mapping: the rules stand here once more, in Python,
so that a mistake has to be made twice to go unseen. Decisions that these numbers rest on:

- An export's control total is the sum of the raw cells of all data rows; a cell that is no number counts as nothing.
- A measure's value that cannot be had (not a number, missing though required, or computed from such a one) counts as
  nothing and once as unreadable; an optional value that is empty is not unreadable.
- A document that comes again unchanged is repeated with all its measures, also where a posting of it is pending.
- A document whose missing cost comes later is posted: its cost is posted, its other measures are repeated.
- In a merge key the sign of a document's total counts as positive where the total is zero.
- Quantity is kept on accounts whose chart row says so; on others neither quantity nor unit is part of an entry.
- A required dimension is asked for only by an entry whose amount is not zero.
- A row with a bad byte, an open quote or a wrong number of cells rejects the document that its key cell names; a row
  with a wrong number of cells has no values.
- A quote that never closes ends with the line on which it opened: the rows behind it are rows again, and the control
  total proves that none was lost.
"""
import csv
import io
import json
import pathlib
import re
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal, ROUND_HALF_UP

SAMPLES = pathlib.Path(__file__).resolve().parent
TABLES = SAMPLES.parent / "mappings" / "tables"
CENT = Decimal("0.01")
BUCKETS = ("posted", "repeated", "ignored", "rejected", "held")


# ---------------------------------------------------------------- cells

def number(text):
    """A number as exports write it, else None."""
    text = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    text = re.sub("[ \u3000]", "", text).replace("￥", "").replace("\uffe5", "").replace("¥", "")
    negative = False
    if m := re.fullmatch(r"\((.*)\)", text):
        negative, text = True, m[1]
    elif m := re.fullmatch(r"(.*[0-9])-", text):
        negative, text = True, m[1]
    elif text.startswith("-"):
        negative, text = True, text[1:]
    if not re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", text):
        return None
    value = Decimal(text.replace(",", ""))
    return -value if negative else value


def day(text):
    m = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})([ T]\d{1,2}:.*)?", text)
    parts = (m[1], m[3], m[4]) if m else None
    if m := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text) or re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text):
        parts = m.groups()
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def unwrapped(cell):
    m = re.fullmatch('="(.*)"', cell)
    return m[1] if m else cell


def rounded(value):
    return value.quantize(CENT, ROUND_HALF_UP)  # half away from zero


def plain(value):
    return f"{value:.2f}"


# ---------------------------------------------------------------- files and tables

def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def caption(text):
    return re.sub("[ \u3000]", "", text.lstrip("\ufeff"))


def records(path, encoding, delimiter, columns, skip=None, trailer=None):
    """Data rows (each a dict with its first line), the trailer row, and how many rows are layout."""
    text, open_line = closed(path.read_bytes().decode(encoding, "surrogateescape"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, layout, header, total, line = [], Counter(), None, None, 1
    for cells in reader:
        first, line = line, reader.line_num + 1
        if header is None:
            names = [caption(c) for c in cells]
            layout["header" if set(columns) <= set(names) else "title"] += 1
            header = names if set(columns) <= set(names) else None
            continue
        row = dict.fromkeys(header, "") | dict(zip(header, map(unwrapped, cells))) | {"line": first, "bad": None}
        if len(cells) != len(header):
            row["bad"] = "cell-count"
        elif first == open_line:
            row["bad"] = "quote-unclosed"
        elif any("\udc80" <= c <= "\udcff" for cell in cells for c in cell):
            row["bad"] = "bad-byte"
        if skip and row[skip[0]] == skip[1]:
            layout["skipped"] += 1
        elif trailer and row[trailer[0]] == trailer[1]:
            layout["trailer"] += 1
            total = row
        else:
            rows.append(row)
    return rows, total, dict(layout)


def closed(text):
    """A quote that never closes ends with its line: the text with that quote closed there, and the line's number."""
    lines = text.split("\n")
    odd = [i for i, line in enumerate(lines) if line.count('"') % 2]
    if len(odd) % 2 == 0:
        return text, None
    at = odd[-1]
    assert all('"' not in line for line in lines[at + 1:])
    end = "\r" if lines[at].endswith("\r") else ""
    lines[at] = lines[at].removesuffix("\r") + '"' + end
    return "\n".join(lines), at + 1


class Chart:
    def __init__(self, path):
        self.accounts = {row["code"]: row for row in table(path)}
        self.roles = {row["role"]: row["code"] for row in self.accounts.values() if row["role"] and row["leaf"] == "yes"}
        holders = Counter(row["role"] for row in self.accounts.values() if row["role"] and row["leaf"] == "yes")
        assert max(holders.values()) == 1, holders

    def account(self, role_or_code):
        code = self.roles.get(role_or_code, role_or_code)
        assert self.accounts[code]["leaf"] == "yes", code
        return code

    def split(self, code, column):
        return [d for d in self.accounts[code][column].split(";") if d]


# ---------------------------------------------------------------- interfaces

class Problems(list):
    """(level, code) of one row; levels: reject, hold, warn."""

    def text(self, row, column, required=True):
        cell = row[column].strip(" ") if column in ("客户编码",) else row[column]
        if cell == "" and required:
            self.append(("reject", "value-missing"))
        elif re.fullmatch(r"\d(\.\d+)?E\+\d+", cell):
            self.append(("reject", "excel-scientific"))
        return cell or None

    def number(self, row, column, places=None, required=True):
        if row[column] == "":
            if required:
                self.append(("reject", "value-missing"))
            return None
        value = number(row[column])
        if value is None:
            self.append(("reject", "bad-number"))
        elif places is not None and value != round(value, places):
            self.append(("reject", "too-many-decimals"))
            value = None
        return value

    def day(self, row, column):
        value = day(row[column])
        if value is None:
            self.append(("reject", "value-missing" if row[column] == "" else "bad-date"))
        return value


class Sales:
    """The root's sales-issue mapping."""
    word = "销售出库"
    name, measures, encoding, delimiter = "sales-issue", ("gross", "net", "tax", "cost"), "gb18030", ","
    columns = ("单据编号 单据日期 业务类型 审核状态 账套 客户编码 部门 仓库编码 存货编码 存货分类 计量单位 数量 含税单价 税率 "
               "含税金额 不含税金额 税额 成本金额 赠品").split()
    skip, trailer, totals = ("单据编号", "小计"), ("单据编号", "合计"), ("含税金额", "税额")
    postings = {"revenue": "单据编号 单据日期 客户编码 部门 存货分类 税率 含税金额 税额".split(),
                "cost": "单据编号 单据日期 部门 存货分类 成本金额 仓库编码 数量 计量单位".split()}
    start, key, same = date(2026, 1, 1), "no", ("date", "customer", "status", "kind")
    carries = {"gross": "revenue", "net": "revenue", "tax": "revenue", "cost": "cost"}

    def __init__(self):
        self.chart = Chart(TABLES / "accounts.csv")
        self.customers = {row["code"] for row in table(TABLES / "customers.csv")}
        self.departments = {row["name"]: row["code"] for row in table(TABLES / "departments.csv")}
        self.taxes = {row["text"]: (number(row["percent"].rstrip("%")) / 100, row["label"])
                      for row in table(TABLES / "tax-class.csv")}
        self.stock = {row["class"]: row["account"] for row in table(TABLES / "stock.csv")}
        self.revenue = table(TABLES / "revenue.csv")

    def revenue_account(self, keys, on):
        """The row whose leftmost keys are exact wins over one with `*` there."""
        best = None
        for row in self.revenue:
            patterns = [row["tax"], row["class"], row["dept"]]
            if all(p in ("*", k) for p, k in zip(patterns, keys)) and row["valid_from"] <= str(on) and \
                    (not row["valid_to"] or str(on) <= row["valid_to"]):
                rank = [p != "*" for p in patterns]
                best = max(best, (rank, row["account"])) if best else (rank, row["account"])
        return best and best[1]

    def evaluate(self, row):
        p, v = Problems(), {}
        v["no"], v["date"], v["kind"] = p.text(row, "单据编号"), p.day(row, "单据日期"), p.text(row, "业务类型")
        v["status"], v["customer"] = row["审核状态"], p.text(row, "客户编码")
        v["warehouse"], v["item"] = row["仓库编码"] or None, p.text(row, "存货编码")
        v["class"], v["unit"] = p.text(row, "存货分类"), p.text(row, "计量单位")
        v["qty"], v["price"] = p.number(row, "数量", 3), p.number(row, "含税单价", 6)
        v["gross"], v["tax"] = p.number(row, "含税金额", 2), p.number(row, "税额", 2)
        stated, v["cost"] = p.number(row, "不含税金额", 2), p.number(row, "成本金额", 2, required=False)
        v["net"] = None if v["gross"] is None or v["tax"] is None else v["gross"] - v["tax"]
        v["unreadable"] = [m for m in ("gross", "net", "tax") if v[m] is None]
        if v["cost"] is None and row["成本金额"] != "":
            v["unreadable"].append("cost")
        v["rate"], v["tax_class"] = self.taxes.get(row["税率"], (None, None))
        v["dept"] = self.departments.get(row["部门"])
        v["debit"] = v["credit"] = None
        if v["date"]:
            v["credit"] = self.revenue_account((v["tax_class"], v["class"], v["dept"]), v["date"])
        v["debit"] = self.stock.get(v["class"])
        if None in (v["rate"], v["dept"], v["credit"] if v["date"] else "", v["debit"]):
            p.append(("hold", "code-not-found"))
        if v["customer"] and v["customer"] not in self.customers:
            p.append(("hold", "check-failed"))
        if stated is not None and v["net"] is not None and stated != v["net"]:
            p.append(("reject", "check-failed"))
        if None not in (v["tax"], v["net"], v["rate"]) and abs(v["tax"] - v["net"] * v["rate"]) > Decimal("0.05"):
            p.append(("reject", "check-failed"))
        if None not in (v["gross"], v["qty"], v["price"]) and abs(v["gross"] - v["qty"] * v["price"]) > Decimal("0.05"):
            p.append(("reject", "check-failed"))
        if row["赠品"] != "是" and None not in (v["cost"], v["net"]) and abs(v["cost"]) > abs(v["net"]):
            p.append(("warn", "check-failed"))
        return v, p

    def stops(self, rows):
        """Rows of another set of books stop the file."""
        return any(row["账套"] != "001" for row in rows)

    def ignored(self, first):
        return "document-before-start" if first["date"] and first["date"] < self.start else \
            "ignored" if first["status"] != "已审核" else None

    def pending(self, rows):
        return {"cost"} if any(v["cost"] is None for v in rows) else set()

    def group(self, posting, v):
        return (v["no"],) if posting == "revenue" else (v["date"],)

    def memo(self, posting, v):
        return f"{v['kind']} {v['no']}" if posting == "revenue" else f"结转销售成本 {v['date']}"

    def entries(self, posting, v):
        """(side, role or code, amount, dimensions, split, quantity, unit) of one row, rule by rule."""
        if posting == "revenue":
            yield "debit", "应收账款", v["gross"], {"客户": v["customer"]}, None, None, None
            yield "credit", v["credit"], v["net"], {"部门": v["dept"], "客户": v["customer"]}, None, None, None
            yield "credit", "销项税额", v["tax"], {}, v["tax_class"], None, None
        else:
            yield "debit", "主营业务成本", v["cost"], {"部门": v["dept"]}, None, None, None
            yield "credit", v["debit"], v["cost"], {"仓库": v["warehouse"]}, None, v["qty"], v["unit"]


class Plain(Sales):
    """The small mapping of the samples that show one delimiter or encoding each: no tax classes, no cost."""
    measures = ("gross", "net", "tax")
    columns = "单据编号 单据日期 客户编码 含税金额 税额".split()
    skip, trailer, totals = None, None, ()
    postings = {"revenue": columns}
    start, same = date(2000, 1, 1), ("date", "customer")
    carries = dict.fromkeys(measures, "revenue")

    def __init__(self, folder, encoding, delimiter):
        self.chart = Chart(SAMPLES / folder / "mappings" / "tables" / "accounts.csv")
        self.encoding, self.delimiter = encoding, delimiter

    def evaluate(self, row):
        p, v = Problems(), {}
        v["no"], v["date"], v["customer"] = p.text(row, "单据编号"), p.day(row, "单据日期"), p.text(row, "客户编码")
        v["gross"], v["tax"] = p.number(row, "含税金额", 2), p.number(row, "税额", 2)
        v["net"] = v["gross"] - v["tax"]
        v["unreadable"] = []
        return v, p

    def stops(self, rows):
        return False

    def ignored(self, first):
        return None

    def pending(self, rows):
        return set()

    def memo(self, posting, v):
        return f"销售出库 {v['no']}"

    def entries(self, posting, v):
        yield "debit", "应收账款", v["gross"], {"客户": v["customer"]}, None, None, None
        yield "credit", "主营业务收入", v["net"], {}, None, None, None
        yield "credit", "销项税额", v["tax"], {}, None, None, None


class Retail:
    """The root's online-retail mapping."""
    word = "online-retail"
    name, measures, encoding, delimiter = "online-retail", ("amount",), "utf-8", ","
    columns = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    skip, trailer, totals = None, None, ()
    postings = {"sales": columns}
    start, same, carries = date(2010, 12, 1), ("date", "kind", "customer", "country"), {"amount": "sales"}

    def __init__(self):
        self.chart = Chart(TABLES / "retail-accounts.csv")
        self.income = {row["stock_code"]: row["account"] for row in table(TABLES / "retail-income.csv")}

    def evaluate(self, row):
        p, v = Problems(), {}
        v["no"], v["date"] = p.text(row, "InvoiceNo"), p.day(row, "InvoiceDate")
        v["item"], v["country"] = p.text(row, "StockCode"), p.text(row, "Country")
        v["customer"] = row["CustomerID"].replace(".0", "") or "CASH"
        v["kind"] = "Credit note" if (v["no"] or "").startswith("C") else "Invoice"
        qty, price = p.number(row, "Quantity", 3), p.number(row, "UnitPrice", 6)
        v["amount"] = None if qty is None or price is None else rounded(qty * price)
        v["unreadable"] = ["amount"] if v["amount"] is None else []
        if v["item"]:
            v["credit"] = self.income.get(v["item"].upper(), self.income["*"])
        if qty is not None and price is not None:
            if v["kind"] != "Invoice" and qty >= 0:
                p.append(("reject", "check-failed"))
            if price == 0:
                p.append(("warn", "check-failed"))
            elif v["kind"] == "Invoice" and qty <= 0:
                p.append(("warn", "check-failed"))
        return v, p

    def stops(self, rows):
        return False

    def ignored(self, first):
        return "document-before-start" if first["date"] and first["date"] < self.start else None

    def pending(self, rows):
        return set()

    def group(self, posting, v):
        return (v["no"],)

    def memo(self, posting, v):
        return f"{v['kind']} {v['no']}"

    def entries(self, posting, v):
        yield "debit", "Receivables", v["amount"], {"customer": v["customer"]}, None, None, None
        yield "credit", v["credit"], v["amount"], {"country": v["country"]}, None, None, None


# ---------------------------------------------------------------- documents to vouchers

class Ledger:
    """What a run posts: vouchers by posting and group, entries by merge key."""

    def __init__(self, interface):
        self.interface, self.vouchers, self.memos = interface, {p: {} for p in interface.postings}, {}
        self.without = []

    def post(self, posting, rows):
        chart, totals = self.interface.chart, Counter()
        for v in rows:
            for rule, entry in enumerate(self.interface.entries(posting, v)):
                totals[rule] += entry[2]
        for v in rows:
            group = self.interface.group(posting, v)
            self.memos[posting, group] = (v["date"], self.interface.memo(posting, v))
            voucher = self.vouchers[posting].setdefault(group, {})
            for rule, (side, account, amount, dimensions, split, quantity, unit) in \
                    enumerate(self.interface.entries(posting, v)):
                code = chart.account(account)
                allowed = chart.split(code, "dimensions")
                projected = tuple((d, dimensions[d]) for d in allowed if dimensions.get(d))
                kept = chart.accounts[code]["unit"] == "yes"
                key = (side, code, projected, unit if kept else None, split, totals[rule] < 0)
                old = voucher.get(key, (Decimal(0), Decimal(0)))
                voucher[key] = (old[0] + amount, old[1] + (quantity if kept and quantity is not None else 0))

    def misses(self, posting, v):
        """Whether an entry of the row lacks a dimension that its account requires."""
        chart = self.interface.chart
        return any(amount and any(not dimensions.get(d) for d in chart.split(chart.account(account), "required"))
                   for _, account, amount, dimensions, *_ in self.interface.entries(posting, v))

    def result(self):
        out = {}
        for posting, vouchers in self.vouchers.items():
            accounts, periods = {}, Counter()
            count = entries = 0
            debit = credit = Decimal(0)
            for group, voucher in vouchers.items():
                written = [(k, a, q) for k, (a, q) in voucher.items() if a != 0]
                count += bool(written)
                entries += len(written)
                if written:
                    periods[f"{self.memos[posting, group][0]:%Y-%m}"] += 1
                balance = sum(a if k[0] == "debit" else -a for k, a, q in written)
                assert balance == 0, (posting, group, balance)
                for (side, code, _, unit, _, _), amount, quantity in written:
                    account = accounts.setdefault(code, {"debit": Decimal(0), "credit": Decimal(0), "entries": 0})
                    account[side] += amount
                    account["entries"] += 1
                    if unit:
                        units = account.setdefault("quantities", defaultdict(Decimal))
                        units[unit] += quantity
                    debit, credit = (debit + amount, credit) if side == "debit" else (debit, credit + amount)
            for account in accounts.values():
                account["debit"], account["credit"] = plain(account["debit"]), plain(account["credit"])
                if "quantities" in account:
                    account["quantities"] = {u: f"{q:.3f}" for u, q in sorted(account["quantities"].items())}
            out[posting] = {"vouchers": count, "entries": entries, "vouchers_by_period": dict(sorted(periods.items())),
                            "debit": plain(debit), "credit": plain(credit), "accounts": dict(sorted(accounts.items()))}
        return out


class World:
    """What is remembered between runs."""

    def __init__(self, interface, folder):
        self.interface, self.folder = interface, folder
        self.posted, self.held = {}, {}  # key -> content by posting (None: pending); key -> (content, rows)

    def content(self, posting, rows):
        return sorted(tuple(row[c] for c in self.interface.postings[posting]) for row in rows)

    def run(self, names):
        ledger, files = Ledger(self.interface), []
        left = {"rows": 0, "documents": 0, "measures": Counter()}
        for name in sorted(names, key=lambda n: n.encode()):
            files.append(self.take(name, ledger, left))
        self.ledger = ledger
        return files, {
            "postings": ledger.result(),
            "documents_without_voucher": sorted(ledger.without),
            "superseded": {"rows": left["rows"], "documents": left["documents"],
                           "measures": {m: plain(left["measures"][m]) for m in self.interface.measures}},
            "held_after": sorted(self.held),
            "pending_after": sorted(k for k, c in self.posted.items() if None in c.values()),
        }

    def take(self, name, ledger, left):
        i = self.interface
        rows, total, layout = records(self.folder / "inbox" / name, i.encoding, i.delimiter, i.columns, i.skip, i.trailer)
        control, ties = {}, True
        for column in i.totals:
            declared, summed = number(total[column]), sum((number(r[column]) or Decimal(0) for r in rows), Decimal(0))
            unparsed = sum(1 for r in rows if r[column] != "" and number(r[column]) is None)
            control[column] = {"declared": plain(declared), "summed": plain(summed), "ties": declared == summed,
                               "unparsed": unparsed}
            ties = ties and declared == summed
        stopped = "file-stopped" if i.stops(rows) else None if ties else "trailer-mismatch"
        documents = {}
        for row in rows:
            documents.setdefault(row[i.columns[0]], []).append(row)
        verdicts, tally = defaultdict(dict), {"rows": Counter(), "documents": Counter()}
        sums = {m: defaultdict(Decimal) for m in i.measures}
        unreadable, warnings = Counter(), 0
        for key, raw in documents.items():
            values, problems = zip(*map(self.evaluate, raw))
            verdict, reasons, moved = ("rejected", [stopped], {}) if stopped else \
                self.judge(key, raw, values, problems, ledger, left)
            warnings += sum(level == "warn" for p in problems for level, _ in p) if verdict == "posted" else 0
            tally["rows"][verdict] += len(raw)
            tally["documents"][verdict] += 1
            if reasons:
                verdicts[verdict][key] = reasons
            for v in values:
                unreadable.update(v["unreadable"])
                for m in i.measures:
                    amount = v[m] or Decimal(0)
                    sums[m]["read"] += amount
                    sums[m][moved.get(i.carries[m], verdict)] += amount
        fact = {"file": name, "interface": i.name, "layout_rows": layout,
                "rows": {"read": len(rows)} | {b: tally["rows"][b] for b in BUCKETS},
                "documents": {"read": len(documents)} | {b: tally["documents"][b] for b in BUCKETS},
                "measures": {m: {b: plain(sums[m][b]) for b in ("read",) + BUCKETS + ("pending",)} |
                             {"unreadable": unreadable[m]} for m in i.measures},
                "control_totals": control, "warnings_on_posted_rows": warnings,
                "reasons": {v: dict(sorted(d.items())) for v, d in sorted(verdicts.items())}}
        for m in i.measures:
            assert sums[m]["read"] == sum(sums[m][b] for b in BUCKETS + ("pending",)), (name, m)
        return fact

    def evaluate(self, row):
        values, problems = self.interface.evaluate(row)
        if row["bad"] == "cell-count":
            values |= dict.fromkeys(self.interface.measures) | {"unreadable": list(self.interface.measures)}
            problems = []
        if row["bad"]:
            problems.append(("reject", row["bad"]))
        return values, problems

    def judge(self, key, raw, values, problems, ledger, left):
        """(verdict, reasons, {posting: bucket where it differs from the verdict})"""
        i = self.interface
        pending = i.pending(values)
        content = {p: None if p in pending else self.content(p, raw) for p in i.postings}
        whole = [self.content(p, raw) for p in i.postings]
        fills = set()
        if old := self.posted.get(key):
            if all(content[p] == old[p] for p in i.postings):
                return "repeated", [], {}
            if all(content[p] == old[p] or old[p] is None for p in i.postings):
                fills = {p for p in i.postings if content[p] != old[p]}
        elif key in self.held and self.held[key][0] == whole:
            return "repeated", ["still held"], {}
        first = values[0]
        if reason := i.ignored(first):
            return "ignored", [reason], {}
        levels = defaultdict(set)
        for p in problems:
            for level, code in p:
                levels[level].add(code)
        whole_rows = [v for v, row in zip(values, raw) if row["bad"] != "cell-count"]
        if any(len({v[f] for v in whole_rows}) > 1 for f in i.same):
            levels["reject"].add("document-disagrees")
        if levels["reject"]:
            return "rejected", sorted(levels["reject"]), {}
        if not levels["hold"] and any(ledger.misses(p, v) for p in i.postings if p not in pending for v in values):
            levels["hold"].add("dimension-required")
        if old and not fills:
            levels["hold"].add("document-changed")
        if levels["hold"]:
            self.held[key] = (whole, values)
            return "held", sorted(levels["hold"]), {}
        if key in self.held:  # other content takes the place of the held one
            _, before = self.held.pop(key)
            left["rows"] += len(before)
            left["documents"] += 1
            for m in i.measures:
                left["measures"][m] += sum(v[m] or Decimal(0) for v in before)
        posts = fills or {p for p in i.postings if p not in pending}
        for posting in i.postings:
            if posting in posts:
                ledger.post(posting, values)
        if all(amount == 0 for p in posts for amount in self.merged(p, values)):
            ledger.without.append(key)
        self.posted[key] = content
        moved = {p: "repeated" for p in i.postings if fills and p not in fills} | {p: "pending" for p in pending}
        return "posted", (["cost filled in"] if fills else ["pending: " + ", ".join(sorted(pending))] if pending else []), moved

    def merged(self, posting, values):
        alone = Ledger(self.interface)
        alone.post(posting, values)
        return [a for voucher in alone.vouchers[posting].values() for a, _ in voucher.values()]


# ---------------------------------------------------------------- samples

def steps_of(folder):
    """`drops:` of sample.yaml: one list of names a line."""
    text = (folder / "sample.yaml").read_text(encoding="utf-8")
    return [[n.strip() for n in m.split(",")] for m in re.findall(r"^  - \[(.*)\]$", text, re.M)]


def write(folder, facts):
    (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def compute(name, *interfaces):
    """Each interface takes the files whose name begins with its word."""
    folder = SAMPLES / name
    worlds, steps = [World(i, folder) for i in interfaces], []
    for names in steps_of(folder):
        step = {"exit": 0, "files": [], "interfaces": {}}
        for world in worlds:
            mine = [n for n in names if world.interface.word in n]
            files, rest = world.run(mine)
            step["files"] += files
            step["interfaces"][world.interface.name] = rest
            if rest["held_after"] or any(f["documents"]["rejected"] or f["documents"]["held"] for f in files):
                step["exit"] = 10
        steps.append(step)
    write(folder, {"sample": name, "computed_by": "samples/facts.py", "steps": steps})
    return worlds


def left_in_inbox(name, findings):
    """Samples whose files no interface can take: they stay in the inbox and nothing is written."""
    folder = SAMPLES / name
    files = [{"file": n, "outcome": "left in inbox"} | findings[n] for names in steps_of(folder) for n in names]
    write(folder, {"sample": name, "computed_by": "samples/facts.py", "steps": [{"exit": 10, "files": files, "interfaces": {}}]})


def main():
    compute("sales-issue", Sales())
    compute("online-retail", Retail())
    compute("semicolon-utf8-bom", Plain("semicolon-utf8-bom", "utf-8-sig", ";"))
    compute("tab", Plain("tab", "utf-8", "\t"))
    compute("pipe", Plain("pipe", "gb18030", "|"))
    compute("bad-bytes", Retail(), Sales())
    compute("ragged-rows", Retail())
    compute("wrong-books", Sales())
    compute("open-quote", Sales())
    wrong = {"finding": "file-wrong-kind"}
    left_in_inbox("wrong-clothes", {"销售出库_工作簿.csv": wrong | {"kind": "xlsx"}, "销售出库_压缩.csv": wrong | {"kind": "gzip"},
                                    "销售出库_网页.csv": wrong | {"kind": "html"}, "销售出库_表格.csv": wrong | {"kind": "xml"}})
    left_in_inbox("missing-column", {"销售出库_缺列.csv": {"finding": "column-missing", "column": "税额", "line": 1}})
    left_in_inbox("doubled-column", {"销售出库_重列.csv": {"finding": "column-doubled", "column": "含税金额",
                                                     "positions": [18, 19], "line": 1}})


if __name__ == "__main__":
    main()
