"""What the kernel counts of a process."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system time of a process since it began, in steps of a clock tick."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kb(pid, *names):
    """The sum of these fields of smaps_rollup, such as Pss, Rss or Private_Dirty; None where only root may know."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except PermissionError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.split(":")[0] in names)


def memory_mb(pid, *names):
    """As `memory_kb`, in millions of bytes."""
    kilobytes = memory_kb(pid, *names)
    return None if kilobytes is None else kilobytes * 1024 / 1_000_000


def thread_seconds(pid):
    """CPU time by the names of a process' threads."""
    seconds = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        seconds[name] = seconds.get(name, 0) + (int(fields[11]) + int(fields[12])) / TICKS
    return seconds
