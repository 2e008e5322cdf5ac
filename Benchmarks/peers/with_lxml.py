"""Job B of an XML export with lxml.

usage: with_lxml.py SALES.xml VOUCHERS.csv
"""
import csv, datetime, json, os, re, sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from lxml import etree

source, target = sys.argv[1:3]
folder = os.path.dirname(os.path.abspath(source))
HEAD = ["单据编号", "单据日期", "单据类型", "仓库编码", "客户编码", "部门编码"]
NUMBERS = ["数量", "含税单价", "税率", "含税金额", "不含税金额", "税额", "单位成本", "成本金额"]
is_number = re.compile(r"-?\d+(\.\d{1,6})?").fullmatch
with open(folder + "/customers.csv") as file:
    customers = {row["客户编码"] for row in csv.DictReader(file)}
with open(folder + "/items.csv") as file:
    items = {row["商品编码"] for row in csv.DictReader(file)}


def is_date(text, known={}):
    if text not in known:
        try:
            known[text] = len(text) == 10 and bool(datetime.date.fromisoformat(text))
        except ValueError:
            known[text] = False
    return known[text]


def cents(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def measures(head, line):
    """Gross, net, tax and cost of a good line, or None."""
    texts = [line.get(name) for name in NUMBERS]
    if not all(head) or not line.get("商品编码") or not all(texts):
        return None
    if not is_date(head[1]) or not all(map(is_number, texts)) or head[4] not in customers or line["商品编码"] not in items:
        return None
    quantity, price, _, gross, net, tax, unit_cost, cost = map(Decimal, texts)
    right = cents(quantity * price) == gross and cents(quantity * unit_cost) == cost and net + tax == gross
    return (gross, net, tax, cost) if right else None


rows, bad_rows, bad, kept = 0, 0, set(), {}
for _, element in etree.iterparse(source, events=("end",), tag="单据"):
    head = [element.get(name) for name in HEAD]
    for child in element:
        rows += 1
        amounts = measures(head, {field.tag: field.text for field in child})
        if not amounts:
            bad_rows += 1
            bad.add(head[0])
            continue
        key, sums = kept.setdefault(head[0], ((head[1], head[4], head[2]), [Decimal()] * 4))
        sums[:] = [one + other for one, other in zip(sums, amounts)]
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
documents = len(kept.keys() | bad)
groups = defaultdict(lambda: [Decimal()] * 4)
for number, (key, sums) in kept.items():
    if number not in bad:
        groups[key] = [one + other for one, other in zip(groups[key], sums)]
vouchers = entries = 0
totals = defaultdict(Decimal)
with open(target, "w") as file:
    file.write("日期,凭证字,凭证号,摘要,科目编码,借方金额,贷方金额,客户,部门,存货类别,仓库\n")
    for key, (gross, net, tax, cost) in sorted(groups.items()):
        lines = [("1122", gross, ""), ("6001", "", net), ("22210106", "", tax), ("6401", cost, ""), ("1405", "", cost)]
        lines = [line for line in lines if line[1] or line[2]]
        vouchers += bool(lines)
        entries += len(lines)
        for account, debit, credit in lines:
            totals[account] += debit or credit
            file.write(f"{key[0]},记,{vouchers},{' '.join(key)} 汇总,{account},{debit},{credit},{key[1]},,,\n")
print(json.dumps({"rows": rows, "documents": documents, "bad_rows": bad_rows, "bad_documents": len(bad),
                  "vouchers": vouchers, "entries": entries, "totals": {account: str(sum) for account, sum in totals.items()}}))
