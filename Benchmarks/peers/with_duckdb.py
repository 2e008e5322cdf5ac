"""The job in SQL with DuckDB.

usage: with_duckdb.py A|B SALES.csv VOUCHERS.csv [THREADS]
"""
import json, os, sys
import duckdb

job, source, target = sys.argv[1:4]
threads = int(sys.argv[4]) if len(sys.argv) > 4 else os.cpu_count()
folder = os.path.dirname(os.path.abspath(source))
COLUMNS = ("number day kind warehouse customer customer_name department seller item item_name model unit "
           "quantity price rate gross net tax unit_cost cost remark").split()
# The type of each number: as many decimals as the export may have.
NUMBERS = {"quantity": "decimal(12,3)", "price": "decimal(14,6)", "rate": "decimal(9,6)", "gross": "decimal(16,2)", "net": "decimal(16,2)",
           "tax": "decimal(16,2)", "unit_cost": "decimal(14,6)", "cost": "decimal(16,2)"}
NEEDED = ["number", "day", "kind", "warehouse", "customer", "department", "item", *NUMBERS]
base = duckdb.connect(config={"threads": threads})
base.execute("set preserve_insertion_order = false")
missing = " or ".join(f"{name} is null" for name in NEEDED)
not_a_number = " or ".join(f"{name}_ is null" for name in NUMBERS)
casts = ", ".join(f"try_cast({name} as {type}) as {name}_" for name, type in NUMBERS.items())
types = ", ".join(f"'{name}': 'varchar'" for name in COLUMNS)
base.execute(f"""
create temp table customers as
  select customer from read_csv('{folder}/customers.csv', header = true, all_varchar = true, names = ['customer', 'name']);
create temp table items as
  select item, class from read_csv('{folder}/items.csv', header = true, all_varchar = true, names = ['item', 'name', 'class']);
create temp table lines as
  select number, day_ as day, kind, warehouse, department, export.customer as customer, class,
    gross_ as gross, net_ as net, tax_ as tax, cost_ as cost,
    case when missing then 'missing'
      when day_ is null then 'no such date'
      when {not_a_number} then 'not a number'
      when customers.customer is null then 'unknown customer'
      when items.item is null then 'unknown item'
      when round(quantity_ * price_, 2) <> gross_ then 'gross'
      when round(quantity_ * unit_cost_, 2) <> cost_ then 'cost'
      when net_ + tax_ <> gross_ then 'tax' end as fault
  from (select *, ({missing}) as missing, try_cast(day as date) as day_, {casts}
    from read_csv('{source}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\n',
      columns = {{{types}}}, parallel = true)) as export
  left join customers on customers.customer = export.customer
  left join items on items.item = export.item;
create temp table bad as select distinct number from lines where fault is not null;
create temp view good as select * from lines anti join bad using (number);
""")
total = lambda *names: ", ".join(f"sum({name})::decimal(18,2) as {name}" for name in names)
first = lambda *names: ", ".join(f"any_value({name}) as {name}" for name in names)
if job == "A":
    # One pass sums by document and class; the documents are sums of those. An entry whose amount is zero is not written.
    head = first("day", "kind", "warehouse", "department", "customer")
    entry = lambda place, account, debit, credit, table="documents", amount=None, **dimensions: f"""
      select day, voucher, {place} as place, {dimensions.get('class_', "''")} as sorted, kind || ' ' || number as memo, '{account}' as account,
        {debit} as debit, {credit} as credit, {dimensions.get('customer', 'null')} as customer, {dimensions.get('department', 'null')} as department,
        {dimensions.get('class_', 'null')} as class, {dimensions.get('warehouse', 'null')} as warehouse
      from {table} where {amount} <> 0"""
    base.execute(f"""
create temp table classes as select number, class, {head}, {total("gross", "net", "tax", "cost")} from good group by number, class;
create temp table documents as select *, row_number() over (order by number) as voucher from (
    select number, {head}, {total("gross", "tax", "cost")}, bool_or(net <> 0) as has_net from classes group by number)
  where has_net or gross <> 0 or tax <> 0 or cost <> 0;
create temp table entries as
  {entry(1, "1122", "gross", "null::decimal(18,2)", amount="gross", customer="customer")} union all
  {entry(2, "6001", "null", "net", amount="net", department="department", class_="class",
         table="(select classes.*, voucher from classes join documents using (number))")} union all
  {entry(3, "22210106", "null", "tax", amount="tax")} union all
  {entry(4, "6401", "cost", "null", amount="cost", department="department")} union all
  {entry(5, "1405", "null", "cost", amount="cost", warehouse="warehouse")};
""")
else:
    base.execute(f"""
create temp table vouchers as select *, row_number() over (order by day, customer, kind) as voucher from (
    select day, customer, kind, {total("gross", "net", "tax", "cost")} from good group by day, customer, kind)
  where gross <> 0 or net <> 0 or tax <> 0 or cost <> 0;
create temp table entries as
  select day, voucher, place, '' as sorted, day || ' ' || customer || ' ' || kind || ' 汇总' as memo,
    ['1122', '6001', '22210106', '6401', '1405'][place] as account,
    case place when 1 then gross when 4 then cost end as debit, case place when 2 then net when 3 then tax when 5 then cost end as credit,
    customer, null as department, null as class, null as warehouse
  from vouchers, (select unnest([1, 2, 3, 4, 5]) as place) where coalesce(debit, credit) <> 0;
""")
base.execute(f"""
copy (select day as 日期, '记' as 凭证字, voucher as 凭证号, memo as 摘要, account as 科目编码, debit as 借方金额, credit as 贷方金额,
  customer as 客户, department as 部门, class as 存货类别, warehouse as 仓库 from entries order by voucher, place, sorted)
to '{target}' (header, delimiter ',');
copy (select number, fault from lines where fault is not null) to '{target}.rejected';
""")
number = lambda query: base.execute(query).fetchone()[0]
totals = base.execute("select account, sum(coalesce(debit, credit)) from entries group by account").fetchall()
print(json.dumps({
    "rows": number("select count(*) from lines"), "documents": number("select count(distinct number) from lines"),
    "bad_rows": number("select count(*) from lines where fault is not null"), "bad_documents": number("select count(*) from bad"),
    "vouchers": number("select count(distinct voucher) from entries"), "entries": number("select count(*) from entries"),
    "totals": {account: str(sum) for account, sum in totals}}))
