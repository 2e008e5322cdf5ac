"""Runs a program and says what it took."""
import os, shutil, statistics, subprocess, sys, time
from dataclasses import dataclass

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = BENCHMARKS + "/data"
PYTHON = os.path.dirname(BENCHMARKS) + "/.build/bench/bin/python"


@dataclass
class Taken:
    wall: float
    cpu: float
    peak: float  # MiB
    output: str = ""


def timed(command, codes=(0,)):
    """Wall and CPU seconds and peak memory of a process. Peak memory can't be less than this script's own, some 21 MiB."""
    os.sync()  # What an earlier contender wrote is not this one's burden.
    output = os.open(DATA + "/output", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    before = time.monotonic()
    process = subprocess.Popen(command, stdout=output, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    text = os.pread(output, 1 << 20, 0).decode()
    os.close(output)
    if process.returncode not in codes:
        sys.exit(f"{' '.join(command)}: ended with {process.returncode}\n{text}")
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def run(tallyman, workspace):
    # 10: documents were rejected, as they should be.
    return timed([tallyman, "run", "--workspace", workspace], codes=(0, 10))


def generate(folder, *arguments):
    """Data that is there already, made by the same generator with the same arguments, stays."""
    folder = f"{DATA}/{folder}"
    generator = BENCHMARKS + "/generate"
    with open(generator) as file:
        recipe = " ".join(map(str, arguments)) + "\n" + file.read()
    try:
        with open(folder + "/recipe") as file:
            if file.read() == recipe:
                return folder
    except FileNotFoundError:
        pass
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([PYTHON, generator, "--out", folder + "/sales.csv", *map(str, arguments)], check=True)
    with open(folder + "/recipe", "w") as file:
        file.write(recipe)
    return folder


def workspace(job, data, encoding="utf-8"):
    """A fresh copy of the job's workspace, with the export in its inbox."""
    folder = f"{DATA}/workspace"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(f"{BENCHMARKS}/job-{job.lower()}", folder)
    os.makedirs(folder + "/outbox", exist_ok=True)
    mapping = folder + "/mappings/sales-issue.yaml"
    if encoding != "utf-8":
        with open(mapping) as file:
            text = file.read()
        with open(mapping, "w") as file:
            file.write(text.replace("encoding: utf-8", "encoding: " + encoding))
    for table in ["customers.csv", "items.csv"]:
        shutil.copy(f"{data}/{table}", folder + "/mappings/tables/")
    drop(data, folder)
    return folder


def drop(data, folder, name="sales.csv"):
    os.makedirs(folder + "/inbox", exist_ok=True)
    os.link(data + "/sales.csv", f"{folder}/inbox/{name}")


class Series:
    """Contenders that take turns; the first round warms up."""

    def __init__(self):
        self.taken = {}

    def add(self, name, taken, number):
        if number:
            self.taken.setdefault(name, []).append(taken)

    def median(self, name, what="wall"):
        return statistics.median(getattr(taken, what) for taken in self.taken[name])

    def peak(self, name):
        return max(taken.peak for taken in self.taken[name])

    def ratio(self, one, other, what="wall"):
        """The median of the ratios of each round. OTHER may be several contenders, whose values are added."""
        others = [other] if isinstance(other, str) else other
        below = [sum(getattr(taken, what) for taken in turn) for turn in zip(*(self.taken[name] for name in others))]
        return statistics.median(getattr(taken, what) / value for taken, value in zip(self.taken[one], below))
