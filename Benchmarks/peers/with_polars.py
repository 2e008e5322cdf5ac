"""The job with Polars: numbers are read as floating point and become exact integers, which is its fastest way.

usage: with_polars.py A|B SALES.csv VOUCHERS.csv [THREADS]
"""
import json, os, sys

job, source, target = sys.argv[1:4]
os.environ["POLARS_MAX_THREADS"] = sys.argv[4] if len(sys.argv) > 4 else str(os.cpu_count())
import polars as pl
from polars import col, lit, when

folder = os.path.dirname(os.path.abspath(source))
COLUMNS = ("number day kind warehouse customer customer_name department seller item item_name model unit "
           "quantity price rate gross net tax unit_cost cost remark").split()
SCALES = {"quantity": 10**3, "price": 10**6, "rate": 10**6, "gross": 100, "net": 100, "tax": 100, "unit_cost": 10**6, "cost": 100}
NEEDED = ["number", "day", "kind", "warehouse", "customer", "department", "item", *SCALES]
MEASURES = ["gross", "net", "tax", "cost"]
HEAD = ["day", "kind", "warehouse", "department", "customer"]


def table(name, columns):
    return pl.read_csv(f"{folder}/{name}.csv", new_columns=columns, infer_schema=False).lazy()


def cents(product):
    """A quantity in thousandths times a price in millionths, half away from zero."""
    return product.sign() * ((product.abs() + 5_000_000) // 10_000_000)


def fault():
    quantity = col("quantity")
    return (when("missing").then(lit("missing"))
            .when(col("day").is_null()).then(lit("no such date"))
            .when(pl.any_horizontal(col(*SCALES).is_null())).then(lit("not a number"))
            .when(col("known").is_null()).then(lit("unknown customer"))
            .when(col("class").is_null()).then(lit("unknown item"))
            .when(cents(quantity * col("price")) != col("gross")).then(lit("gross"))
            .when(cents(quantity * col("unit_cost")) != col("cost")).then(lit("cost"))
            .when(col("net") + col("tax") != col("gross")).then(lit("tax")))


lines = (
    pl.scan_csv(source, new_columns=COLUMNS, infer_schema=False).select(NEEDED)
    .with_columns(
        pl.any_horizontal(col(name).is_null() | (col(name) == "") for name in NEEDED).alias("missing"),
        col("day").str.to_date("%Y-%m-%d", strict=False),
        *((col(name).cast(pl.Float64, strict=False) * scale).round().cast(pl.Int64) for name, scale in SCALES.items()))
    .join(table("customers", ["customer", "name"]).select("customer", known=lit(True)), on="customer", how="left")
    .join(table("items", ["item", "name", "class"]).select("item", "class"), on="item", how="left")
    .select("number", *HEAD, "class", *MEASURES, fault=fault())
    .collect(engine="streaming"))
bad = lines.filter(col("fault").is_not_null()).select("number", "fault")
bad_numbers = bad.select("number").unique()
good = lines.lazy().join(bad_numbers.lazy(), on="number", how="anti")


def part(frame, place, account, measure, side, *dimensions):
    """The entries of one account; one whose amount is zero is not written."""
    nothing = {"debit": lit(None, pl.Int64), "credit": lit(None, pl.Int64)}
    return frame.filter(col(measure) != 0).select(
        "day", "voucher", memo, lit(place).alias("place"), lit(account).alias("account"),
        **nothing | {side: col(measure)},
        **{name: col(name) if name in dimensions else lit(None, pl.String) for name in ["customer", "department", "class", "warehouse"]})


def numbered(frame, order):
    return frame.sort(order).with_columns(voucher=pl.int_range(1, pl.len() + 1))


sums = col(*MEASURES).sum()
memo = (pl.concat_str(["kind", "number"], separator=" ") if job == "A"
        else pl.concat_str([col("day").cast(pl.String), "customer", "kind", lit("汇总")], separator=" ")).alias("memo")
if job == "A":
    by_class = good.group_by("number", "class").agg(col(*HEAD).first(), sums).collect(engine="streaming").lazy()
    documents = numbered(
        by_class.group_by("number").agg(col(*HEAD).first(), sums, some=(col("net") != 0).any())
        .filter(col("some") | pl.any_horizontal(col("gross", "tax", "cost") != 0)), "number").collect().lazy()
    classes = by_class.select("number", "class", "net").join(documents.select("number", "day", "kind", "department", "voucher"), on="number")
    parts = [part(documents, 1, "1122", "gross", "debit", "customer"),
             part(classes, 2, "6001", "net", "credit", "department", "class"),
             part(documents, 3, "22210106", "tax", "credit"),
             part(documents, 4, "6401", "cost", "debit", "department"),
             part(documents, 5, "1405", "cost", "credit", "warehouse")]
else:
    groups = numbered(
        good.group_by("day", "customer", "kind").agg(sums).filter(pl.any_horizontal(col(*MEASURES) != 0)), ["day", "customer", "kind"])
    groups = groups.collect().lazy()
    accounts = [("1122", "gross", "debit"), ("6001", "net", "credit"), ("22210106", "tax", "credit"),
                ("6401", "cost", "debit"), ("1405", "cost", "credit")]
    parts = [part(groups, place + 1, *account, "customer") for place, account in enumerate(accounts)]
entries = pl.concat(parts).sort(["voucher", "place", "class"] if job == "A" else ["voucher", "place"]).collect()


def money(name):
    size = col(name).abs()
    sign = when(col(name) < 0).then(lit("-")).otherwise(lit(""))
    text = pl.concat_str([sign, (size // 100).cast(pl.String), lit("."), (size % 100).cast(pl.String).str.zfill(2)])
    return when(col(name).is_not_null()).then(text)


entries.select(
    日期="day", 凭证字=lit("记"), 凭证号="voucher", 摘要="memo", 科目编码="account", 借方金额=money("debit"), 贷方金额=money("credit"),
    客户="customer", 部门="department", 存货类别="class", 仓库="warehouse").write_csv(target)
bad.write_csv(target + ".rejected")
totals = entries.group_by("account").agg(pl.sum_horizontal(col("debit", "credit").sum()).alias("sum")).rows()
print(json.dumps({
    "rows": lines.height, "documents": lines["number"].n_unique(), "bad_rows": bad.height, "bad_documents": bad_numbers.height,
    "vouchers": entries["voucher"].n_unique(), "entries": entries.height,
    "totals": {account: f"{'-' * (sum < 0)}{abs(sum) // 100}.{abs(sum) % 100:02d}" for account, sum in totals}}))
