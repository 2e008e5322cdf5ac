"""The job with csv and decimal of the standard library; the plainest statement of what the job is.

usage: with_decimal.py A|B SALES.csv VOUCHERS.csv
"""
import csv, datetime, json, os, re, sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

job, source, target = sys.argv[1:4]
folder = os.path.dirname(os.path.abspath(source))
TEXTS = ["单据编号", "单据日期", "单据类型", "仓库编码", "客户编码", "部门编码", "商品编码"]
NUMBERS = ["数量", "含税单价", "税率", "含税金额", "不含税金额", "税额", "单位成本", "成本金额"]
VOUCHERS = ["日期", "凭证字", "凭证号", "摘要", "科目编码", "借方金额", "贷方金额", "客户", "部门", "存货类别", "仓库"]
is_number = re.compile(r"-?\d+(\.\d{1,6})?").fullmatch
with open(folder + "/customers.csv") as file:
    customers = {row["客户编码"] for row in csv.DictReader(file)}
with open(folder + "/items.csv") as file:
    classes = {row["商品编码"]: row["存货类别"] for row in csv.DictReader(file)}


def is_date(text, known={}):
    if text not in known:
        try:
            known[text] = len(text) == 10 and bool(datetime.date.fromisoformat(text))
        except ValueError:
            known[text] = False
    return known[text]


def cents(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def fault(row):
    if not all(row[name] for name in TEXTS + NUMBERS):
        return "missing"
    if not is_date(row["单据日期"]):
        return "no such date"
    if not all(is_number(row[name]) for name in NUMBERS):
        return "not a number"
    if row["客户编码"] not in customers:
        return "unknown customer"
    if row["商品编码"] not in classes:
        return "unknown item"
    quantity, price, _, gross, net, tax, unit_cost, cost = (Decimal(row[name]) for name in NUMBERS)
    if cents(quantity * price) != gross:
        return "gross"
    if cents(quantity * unit_cost) != cost:
        return "cost"
    return None if net + tax == gross else "tax"


rows, bad, faults, kept = 0, set(), defaultdict(int), {}
with open(source, newline="") as file, open(target + ".rejected", "w") as rejected:
    for row in csv.DictReader(file):
        rows += 1
        number = row["单据编号"]
        if reason := fault(row):
            faults[reason] += 1
            bad.add(number)
            rejected.write(f"{rows + 1},{number},{reason}\n")
            continue
        head, measures, nets = kept.setdefault(number, (row, [Decimal()] * 4, defaultdict(Decimal)))
        for n, name in enumerate(["含税金额", "不含税金额", "税额", "成本金额"]):
            measures[n] += Decimal(row[name])
        nets[classes[row["商品编码"]]] += Decimal(row["不含税金额"])
documents = len(kept.keys() | bad)
for number in bad:
    kept.pop(number, None)


def of_documents():
    for number, (head, (gross, _, tax, cost), nets) in sorted(kept.items()):
        customer, department = {"客户": head["客户编码"]}, {"部门": head["部门编码"]}
        yield head["单据日期"], f'{head["单据类型"]} {number}', [
            ("1122", "借方金额", gross, customer),
            *(("6001", "贷方金额", nets[name], department | {"存货类别": name}) for name in sorted(nets)),
            ("22210106", "贷方金额", tax, {}), ("6401", "借方金额", cost, department),
            ("1405", "贷方金额", cost, {"仓库": head["仓库编码"]})]


def of_days():
    groups = defaultdict(lambda: [Decimal()] * 4)
    for head, measures, _ in kept.values():
        sums = groups[head["单据日期"], head["客户编码"], head["单据类型"]]
        sums[:] = [one + other for one, other in zip(sums, measures)]
    for key, (gross, net, tax, cost) in sorted(groups.items()):
        customer = {"客户": key[1]}
        yield key[0], " ".join(key) + " 汇总", [
            ("1122", "借方金额", gross, customer), ("6001", "贷方金额", net, customer), ("22210106", "贷方金额", tax, customer),
            ("6401", "借方金额", cost, customer), ("1405", "贷方金额", cost, customer)]


vouchers = entries = 0
totals = defaultdict(Decimal)
with open(target, "w", newline="") as file:
    writer = csv.DictWriter(file, VOUCHERS, lineterminator="\n")
    writer.writeheader()
    for date, memo, lines in of_documents() if job == "A" else of_days():
        lines = [line for line in lines if line[2]]
        vouchers += bool(lines)
        for account, side, amount, dimensions in lines:
            entries += 1
            totals[account] += amount
            writer.writerow({"日期": date, "凭证字": "记", "凭证号": vouchers, "摘要": memo, "科目编码": account, side: amount, **dimensions})
print(json.dumps({"rows": rows, "documents": documents, "bad_rows": sum(faults.values()), "bad_documents": len(bad),
                  "vouchers": vouchers, "entries": entries, "totals": {account: str(sum) for account, sum in totals.items()}}))
