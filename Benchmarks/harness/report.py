"""The tables of a benchmark: what was measured, and the goals beside it."""
import csv, os, platform, subprocess, time

COLUMNS = ["table", "what", "job", "rows", "program", "wall_s", "cpu_s", "peak_mib", "value", "goal", "met"]


def machine(tallyman, packages):
    def field(path, name):
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(name)), "?")

    memory = int(field("/proc/meminfo", "MemTotal").split()[0]) / 2**20
    sha = "with" if "sha_ni" in field("/proc/cpuinfo", "flags").split() else "without"
    version = subprocess.run([tallyman, "--version"], capture_output=True, text=True).stdout.strip()
    commit = subprocess.run(["git", "log", "-1", "--format=%h %cs"], capture_output=True, text=True).stdout.strip()
    return {
        "processor": f"{field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, {sha} SHA instructions",
        "memory": f"{memory:.0f} GiB", "kernel": f"{platform.system()} {platform.release()}",
        "load at the start": f"{os.getloadavg()[0]:.2f}", "time": time.strftime("%Y-%m-%d %H:%M %z"),
        "Tallyman": f"{version} ({tallyman}; working copy at {commit})", "peers": packages,
    }


class Report:
    def __init__(self, machine):
        self.machine, self.lines = machine, []

    def measured(self, what, job, rows, series, programs):
        for program in programs:
            self.lines.append({
                "table": "measured", "what": what, "job": job, "rows": rows, "program": program,
                "wall_s": f"{series.median(program):.3f}", "cpu_s": f"{series.median(program, 'cpu'):.3f}",
                "peak_mib": f"{series.peak(program):.0f}"})
            print(f"  {what} {job} {rows:,} {program}: {series.median(program):.3f} s", flush=True)

    def value(self, what, job, rows, program, value):
        self.lines.append({"table": "value", "what": what, "job": job, "rows": rows, "program": program, "value": value})

    def goal(self, what, job, rows, value, least=None, most=None, digits=2, verdict=True):
        bound, met = (f"≥ {least}", value >= least) if most is None else (f"≤ {most}", value <= most)
        self.lines.append({"table": "goal", "what": what, "job": job, "rows": rows, "value": f"{value:.{digits}f}",
                           "goal": bound, "met": ("yes" if met else "no") if verdict else "not comparable"})

    def table(self, name, columns, titles):
        lines = [line for line in self.lines if line["table"] == name]
        if not lines:
            return []
        cells = [[f"{cell:,}" if isinstance(cell := line.get(column, ""), int) else str(cell) for column in columns] for line in lines]
        rule = ["---" if column in ("what", "job", "program", "met", "goal") else "---:" for column in columns]
        return ["| " + " | ".join(row) + " |" for row in [titles, rule, *cells]] + [""]

    def markdown(self):
        return "\n".join([
            "# Benchmark", "", *(f"- {name}: {text}" for name, text in self.machine.items()), "",
            "Wall and CPU seconds are medians, peak memory is the highest; a ratio is the median of the rounds' ratios.", "",
            *self.table("measured", ["what", "job", "rows", "program", "wall_s", "cpu_s", "peak_mib"],
                        ["what", "job", "rows", "program", "wall s", "CPU s", "peak MiB"]),
            *self.table("value", ["what", "job", "rows", "program", "value"], ["what", "job", "rows", "program", "value"]),
            *self.table("goal", ["what", "job", "rows", "value", "goal", "met"], ["what", "job", "rows", "value", "goal", "met"])])

    def write(self, folder):
        with open(folder + "/results.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.lines)
            for name, text in self.machine.items():
                writer.writerow({"table": "machine", "what": name, "value": text})
        with open(folder + "/results.md", "w") as file:
            file.write(self.markdown())
