#!/usr/bin/env python3
"""Makes the files in inbox/, the same bytes each time. Standard library only; money in whole cents, never a float.

usage: python3 generate.py        (writes inbox/*.csv beside this script)

The code tables are read from the repository's mappings/tables. What the files must give is computed by ../facts.py,
which reads the files and knows nothing of this script.
"""
import csv
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
TABLES = HERE.parent.parent / "mappings" / "tables"
RNG = random.Random(20260311)

COLUMNS = ["单 据 编 号", "单 据 日 期", "账套", "业务类型", "审核状态", "客 户 编 码", "客户名称", "部门", "业务员",
           "仓库编码", "仓库名称", "存货编码", "存货名称", "规格型号", "存货分类", "赠品", "计量单位", "数　　量",
           "含税单价", "税率", "含税金额", "不含税金额", "税额", "单位成本", "成本金额", "源单单号", "备注", "打印次数"]
KEYS = [caption.replace(" ", "").replace("\u3000", "") for caption in COLUMNS]

# code, name, specification, class, unit, tax text, price and unit cost in millionths of a yuan, decimals of the price
ITEMS = [
    ("0101001", "经典苏打饼干", "400g*12", "食品", "箱", "13%", 86_500000, 61_238000, 2),
    ("0101002", "海苔薯片", "75g*24", "食品", "箱", "13%", 118_800000, 83_415500, 2),
    ("0101003", "五香豆干", "100g*50", "食品", "袋", "13%", 3_456700, 2_106300, 4),
    ("0101004", "手撕面包", "1kg", "食品", "箱", "13%", 32_900000, 23_551200, 2),
    ("0101005", '方便面"大食桶"', "120g*12", "食品", "箱", "13%", 54_123456, 39_800100, 6),
    ("0102001", "东北大米", "10kg/袋", "粮油", "袋", "9%", 62_800000, 50_140000, 2),
    ("0102002", "一级大豆油", "5L*4", "粮油", "箱", "9%", 236_000000, 199_356700, 2),
    ("0102003", "高筋小麦粉", "25kg", "粮油", "袋", "9%", 98_750000, 81_420000, 2),
    ("0102004", "散装绿豆", "kg", "粮油", "kg", "9%", 11_283300, 8_412500, 4),
    ("0103001", "黄酒 三年陈", "500ml*12", "酒水", "箱", "13%", 168_000000, 102_730000, 2),
    ("0103002", "浓香型白酒", "500ml*6", "酒水", "箱", "13%", 1288_000000, 812_500000, 2),
    ("0103003", "精酿啤酒", "330ml*24", "酒水", "箱", "13%", 142_857143, 97_134500, 6),
    ("0103004", "浓香型白酒", "500ml", "酒水", "瓶", "13%", 218_000000, 135_416700, 2),
    ("0104001", "抽纸", "3层*24包", "日用百货", "提", "13%", 39_900000, 27_316000, 2),
    ("0104002", "洗衣液", "2kg*4", "日用百货", "箱", "13%", 96_000000, 64_550000, 2),
    ("0104003", "垃圾袋", "45*50cm", "日用百货", "卷", "13%", 2_850000, 1_634200, 2),
    ("0104004", "一次性手套", "100只/盒", "日用百货", "盒", "13%", 7_666700, 4_920000, 4),
    ("0105001", "土鸡蛋", "30枚/盒", "农产品", "盒", "免税", 36_000000, 28_150000, 2),
    ("0105002", "冷鲜蔬菜拼盘", "5kg/件", "农产品", "件", "免税", 48_500000, 37_260000, 2),
    ("0105003", "去皮山药段", "10kg/箱", "农产品", "箱", "9%", 132_000000, 101_240000, 2),
    ("0106001", "电热水壶", "1.7L", "小家电", "台", "13%", 89_000000, 58_430000, 2),
    ("0106002", "空气炸锅", "5.5L", "小家电", "台", "13%", 329_000000, 231_887000, 2),
    ("0107001", "同城配送服务", "", "服务", "次", "6%", 35_000000, 0, 2),
    ("0109001", "礼品卡套", "", "其他", "个", "13%", 4_500000, 2_100000, 2),
]
CARD = ("0108001", "预付卡", "面值500", "预付卡", "张", "不征税", 500_000000, 0, 2)
DISCOUNT = ("ZK00001", "商业折扣", "", "食品", "次", "13%", 20_000000, 0, 2)
EXPORTS = [tuple(list(ITEMS[i][:5]) + ["0%"] + list(ITEMS[i][6:])) for i in (1, 9, 13)]
WAREHOUSES = {"WH01": "杭州总仓", "WH02": "成都分仓", "WH03": "电商仓"}
CLERKS = ["王建国", "李秀英", "张伟", "刘芳", "陈杰", "杨𠮷"]
DIVISOR = {"13%": 113, "１３％": 113, "9%": 109, "6%": 106, "3%": 103}
REMARKS = ["客户自提", "加急", "月结30天", "含运费,已核对", '客户要求:"开专票",附清单', "第一行：送货上门\n第二行：周末不收货", ""]


def pick(things):
    return things[int(RNG.random() * len(things))]


def chance(per_mille):
    return RNG.random() * 1000 < per_mille


def half_away(numerator, denominator):
    """Rounded to a whole number, halves away from zero (四舍五入)."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude


def fixed(units, scale, places):
    sign, units = "-" if units < 0 else "", abs(units)
    fraction = str(units % 10**scale).zfill(scale)[:places]
    return sign + str(units // 10**scale) + ("." + fraction if places else "")


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if c in "0123456789." else c for c in text)


def money(cents, plain=False):
    """A money cell as different programs and people write it."""
    text = fixed(cents, 2, 2)
    if plain or not chance(140):
        return text
    whole, fraction = fixed(abs(cents), 2, 2).split(".")
    grouped = f"{int(whole):,}.{fraction}"
    if cents < 0:
        return pick([f"({whole}.{fraction})", f"{whole}.{fraction}-", f"-{grouped}", f"({grouped})"])
    return pick([grouped, grouped, "￥" + text, "￥" + grouped, full_width(text), "¥" + text])


def day_text(day, style=None):
    """`day` is (year, month, day)."""
    y, m, d = day
    style = style if style is not None else (int(RNG.random() * 6) if chance(120) else 0)
    return [f"{y}-{m:02d}-{d:02d}", f"{y}-{m}-{d}", f"{y}/{m:02d}/{d:02d}", f"{y}{m:02d}{d:02d}",
            f"{y}年{m}月{d}日", f"{y}-{m:02d}-{d:02d} 14:05:30"][style]


def customers():
    with open(TABLES / "customers.csv", encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name"], row["department"]) for row in csv.DictReader(file)}


CUSTOMERS = customers()
INLAND = [code for code, (_, dept) in CUSTOMERS.items() if dept != "外贸部"]
ABROAD = [code for code, (_, dept) in CUSTOMERS.items() if dept == "外贸部"]


def line(item, quantity, price=None, gift=False, cost=True):
    """One line's values; `quantity` in thousandths."""
    code, name, spec, klass, unit, tax, list_price, unit_cost, decimals = item
    if price is None:
        step = 10 ** (6 - decimals)
        price = half_away(list_price * (90 + int(RNG.random() * 16)), 100 * step) * step
    price = 0 if gift else price
    gross = half_away(quantity * price, 10**7)
    divisor = DIVISOR.get(tax, 100)
    tax_amount = half_away(gross * (divisor - 100), divisor)
    cents = half_away(quantity * unit_cost, 10**7)
    places = 0 if quantity % 1000 == 0 else 3 if quantity % 100 else 1
    return {
        "存货编码": code, "存货名称": name, "规格型号": spec, "存货分类": klass, "赠品": "是" if gift else "",
        "计量单位": unit, "数量": fixed(quantity, 3, places), "含税单价": fixed(price, 6, decimals), "税率": tax,
        "含税金额": money(gross), "不含税金额": money(gross - tax_amount), "税额": money(tax_amount),
        "单位成本": fixed(unit_cost, 6, 4) if cost else "", "成本金额": money(cents) if cost else "",
        "备注": pick(REMARKS) if chance(60) else "",
    }


def quantity_of(item):
    if item[4] == "kg":
        return (1 + int(RNG.random() * 400)) * 100 + int(RNG.random() * 2) * 25
    return (1 + int(RNG.random() * RNG.random() * (12 if item[6] > 200_000000 else 60))) * 1000


def document(no, day, customer, lines, kind="销售出库", status="已审核", warehouse=None, **cells):
    name, dept = CUSTOMERS.get(customer, ("（未建档）", "销售一部"))
    if warehouse is None:
        warehouse = "WH03" if dept == "电商部" else "WH02" if dept == "销售二部" else "WH01"
    clerk, order, prints, style = pick(CLERKS), f"SO{no[2:8]}{int(RNG.random() * 9000) + 1000}", pick("01123"), None
    rows = []
    for values in lines:
        row = dict.fromkeys(KEYS, "")
        code = f'="{customer}"' if chance(15) else f" {customer} " if chance(15) else customer
        row |= {"单据编号": no, "单据日期": day_text(day, style), "账套": "001", "业务类型": kind, "审核状态": status,
                "客户编码": code, "客户名称": name, "部门": dept, "业务员": clerk, "仓库编码": warehouse,
                "仓库名称": WAREHOUSES.get(warehouse, ""), "源单单号": order, "打印次数": prints}
        row |= values | cells
        if chance(20) and values["存货编码"].isdigit() and row["存货编码"] == values["存货编码"]:
            row["存货编码"] = f'="{values["存货编码"]}"'
        rows.append(row)
    return rows


def number(day, sequence):
    return f"XS{day[0] % 100:02d}{day[1]:02d}{day[2]:02d}-{sequence:03d}"


def ordinary(day, sequence):
    """A good document: a sale with one to seven lines, now and then with a gift, a discount, an export or a return."""
    no, roll = number(day, sequence), RNG.random()
    if roll < 0.03:
        chosen = [pick(EXPORTS) for _ in range(1 + int(RNG.random() * 3))]
        return document(no, day, pick(ABROAD), [line(item, quantity_of(item) * 5) for item in chosen])
    customer = pick(INLAND)
    chosen = [pick(ITEMS) for _ in range(1 + int(RNG.random() * RNG.random() * 9))]
    if roll < 0.11:
        chosen = [item for item in chosen[:2] if item[3] != "服务"] or [ITEMS[0]]
        return document(no, day, customer, [line(item, -min(quantity_of(item), 6000)) for item in chosen], kind="销售退货")
    lines = [line(item, quantity_of(item)) for item in chosen]
    if roll < 0.19:
        lines.append(line(pick([ITEMS[13], ITEMS[15], ITEMS[23]]), 2000, gift=True))
    if 0.19 <= roll < 0.25:
        lines.insert(0, line(ITEMS[1], 10000))
        lines.append(line(DISCOUNT, -1000, price=(5 + int(RNG.random() * 30)) * 1_000000))
    if 0.25 <= roll < 0.27:
        lines.append(line(CARD, 2000, price=500_000000))
    if 0.27 <= roll < 0.29:
        lines.append(dict(lines[-1]))  # the same line twice is two lines
    return document(no, day, customer, lines)


def some(n, cost=True):
    return [line(item, quantity_of(item), cost=cost) for item in (ITEMS[0], ITEMS[5], ITEMS[14], ITEMS[9])[:n]]


def wrong_tax(lines):
    """税额 taken from the gross amount, as people do by hand."""
    gross = 11300
    lines[0] |= {"数量": "1", "含税单价": "113.00", "税率": "13%", "含税金额": "113.00",
                 "税额": fixed(half_away(gross * 13, 100), 2, 2),
                 "不含税金额": fixed(gross - half_away(gross * 13, 100), 2, 2)}
    return lines


def exchange(first, second):
    """Goods taken back and other goods given at the same price."""
    return [line(first, -2000, price=100_000000), line(second, 2000, price=100_000000)]


def changed(lines, **cells):
    lines[-1] |= cells
    return lines


def first_faults():
    """Each fault in a document of its own, numbered from 901; (day, rows)."""
    march = lambda d: (2026, 3, d)
    faults = [
        # held
        (1, 901, "00999", some(2), {}),
        (2, 902, "00104", changed(some(2), 税率="3%"), {}),
        (3, 903, "00107", changed(some(2), 存货分类="宠物用品"), {}),
        (4, 904, "00110", some(1), {"仓库编码": "", "仓库名称": ""}),
        (5, 905, "00112", some(2), {"部门": "新零售部"}),
        (6, 906, "00998", some(1), {}),
        # rejected
        (1, 911, "00102", wrong_tax(some(3)), {}),
        (2, 912, "00105", changed(some(3), 含税金额="#VALUE!"), {}),
        (3, 913, "00106", changed(some(2), 数量="12x.5"), {}),
        (3, 914, "00108", some(2), {"单据日期": "2026-02-30"}),
        (4, 915, "00109", some(2), {"客户编码": ""}),
        (5, 916, "00111", changed(some(2), 含税金额=""), {}),
        (6, 917, "00113", changed(some(2), 存货编码="1.23457E+11"), {}),
        (8, 919, "00116", changed(some(2), 不含税金额="1.00"), {}),
        (9, 920, "00117", changed(some(2), 成本金额="128.0055"), {}),
        (9, 921, "00118", changed(some(2), 含税单价="9999.00"), {}),
        # ignored
        (2, 931, "00119", some(2), {"审核状态": "未审核"}),
        (5, 932, "00120", some(1), {"审核状态": "审核中"}),
        (7, 933, "00121", some(1), {"审核状态": ""}),
        # cost not there yet: the cost posting is pending
        (8, 941, "00122", some(2, cost=False), {}),
        (9, 942, "00123", changed(some(3), 成本金额="", 单位成本=""), {}),
        (10, 943, "00124", some(1, cost=False), {}),
        # good, but strange
        (6, 951, "00125", changed(some(2), 成本金额="98765.40"), {}),
        (7, 952, "00126", [line(ITEMS[13], 5000, price=39_000000), line(ITEMS[13], -5000, price=39_000000)], {}),
        (8, 953, "00127", exchange(ITEMS[0], ITEMS[14]), {}),
        (9, 954, "00128", changed(some(1), 税率="１３％"), {}),
    ]
    for day, sequence, customer, lines, cells in faults:
        yield day, document(number(march(day), sequence), march(day), customer, lines, **cells)
    two_dates = document(number(march(7), 918), march(7), "00114", some(2))
    two_dates[-1]["单据日期"] = day_text(march(8), 0)
    yield 7, two_dates
    before = (2025, 12, 31)
    yield 1, document(number(before, 934), before, "00129", some(2))
    late = (2026, 2, 28)  # entered late: a voucher of the month before
    yield 1, document(number(late, 955), late, "00130", some(2))


def cents_of(text):
    """A money cell's value in cents, 0 where it is none: the trailer of the export counts such a cell as nothing."""
    text = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    text = text.replace(",", "").replace("￥", "").replace("¥", "").replace("\uffe5", "")
    negative = text.startswith("(") or text.endswith("-") or text.startswith("-")
    whole, point, fraction = text.strip("()-").partition(".")
    if not whole.isdigit() or not point or not fraction.isdigit() or len(fraction) != 2:
        return 0
    return (-1 if negative else 1) * (int(whole) * 100 + int(fraction))


def total_row(label, rows):
    row = dict.fromkeys(KEYS, "")
    row["单据编号"] = label
    for key in ("含税金额", "不含税金额", "税额", "成本金额"):
        cents = sum(cents_of(r[key]) for r in rows)
        row[key] = ("-" if cents < 0 else "") + f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return row


def cell(text):
    if text.startswith('="'):
        return text  # as Excel's users write it: no quotes around, quotes within
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text


def write(name, period, days, spoil=None):
    """`days`: lists of rows, a subtotal row after each."""
    data = [row for day in days for row in day]
    lines = [",".join(["销售出库单明细表"] + [""] * (len(KEYS) - 1)),
             f'"核算单位：示例商贸有限公司,  期间：{period},  单位：元"', ",".join(COLUMNS)]
    for day in days:
        lines += [",".join(cell(row[key]) for key in KEYS) for row in day]
        if len(days) > 1:
            subtotal = total_row("小计", day)
            lines.append(",".join(cell(subtotal[key]) for key in KEYS))
    trailer = total_row("合计", data)
    if spoil:
        trailer["含税金额"] = spoil(trailer["含税金额"])
    lines.append(",".join(cell(trailer[key]) for key in KEYS))
    (HERE / "inbox" / name).write_bytes(("\r\n".join(lines) + "\r\n").encode("gb18030"))


def rows_of(days, no):
    return [dict(row) for day in days for row in day if row["单据编号"] == no]


def main():
    # the first ten days of March
    first = []
    for d in range(1, 11):
        count = 12 if d in (1, 7, 8) else 30 + int(RNG.random() * 6)
        first.append([row for n in range(1, count + 1) for row in ordinary((2026, 3, d), n)])
    for d, rows in first_faults():
        first[d - 1] += rows
    scattered = document(number((2026, 3, 4), 956), (2026, 3, 4), "00131", some(3))
    first[3] += scattered[:2]
    first[9] += scattered[2:]  # a row of a document that comes back at the end of the file
    write("销售出库_2026年3月上旬.csv", "2026-03-01 至 2026-03-10", first)
    (HERE / "inbox" / "销售出库_2026年3月上旬_重发.csv").write_bytes(
        (HERE / "inbox" / "销售出库_2026年3月上旬.csv").read_bytes())

    # the next ten, with some of the first again
    again = []
    for no in ("XS260302-003", "XS260303-005", "XS260305-011"):
        again += rows_of(first, no)  # not a byte different
    for no in ("XS260306-002", "XS260309-007"):
        again += [row | {"打印次数": "9", "备注": "补打"} for row in rows_of(first, no)]  # nothing that matters
    edited = rows_of(first, "XS260304-001")  # one line more: changed after it was posted
    edited.append(edited[-1] | line(ITEMS[0], 3000, price=86_500000))
    again += edited
    filled = rows_of(first, "XS260308-941")  # its cost has been worked out
    for row, item in zip(filled, (ITEMS[0], ITEMS[5])):
        row |= {"单位成本": fixed(item[7], 6, 4), "成本金额": fixed(half_away(int(row["数量"]) * item[7], 10**4), 2, 2)}
    again += filled
    again += [row | {"客户编码": "00132", "客户名称": CUSTOMERS["00132"][0]} for row in rows_of(first, "XS260306-906")]
    mended = rows_of(first, "XS260301-911")
    mended[0] |= {"税额": "13.00", "不含税金额": "100.00"}
    again += mended
    again += [row | {"审核状态": "已审核"} for row in rows_of(first, "XS260302-931")]
    second = [again]
    for d in range(11, 21):
        count = 3 if d in (14, 15) else 8 + int(RNG.random() * 4)
        second.append([row for n in range(1, count + 1) for row in ordinary((2026, 3, d), n)])
    write("销售出库_2026年3月中旬.csv", "2026-03-11 至 2026-03-20", second)

    # a file whose control total does not tie: one hundred yuan too much
    third = [[row for n in range(1, 9) for row in ordinary((2026, 3, 21), n)]]
    write("销售出库_对账不符.csv", "2026-03-21 至 2026-03-21", third,
          spoil=lambda text: f"{int(text.replace(',', '').split('.')[0]) + 100:,}.{text.split('.')[1]}")


main()
