"""Whether memory stays where it is: so many webhooks and so many sends, and what both processes hold meanwhile."""

import statistics
import threading
from pathlib import Path

from growing.jobs import PlainNATS
from growing.progress import tell
from rig import Figure, Ground

COUNT = 1_000_000
PARTS = 20
# Looks that are taken together: a single one may meet the process in the middle of something.
TOGETHER = 3


def memory(binaries, rounds=None, count=COUNT):
    """By how many percent memory grows over the second half, of the process that grows more; there is one round."""
    del rounds
    part = max(100, count // PARTS)
    with Ground(binaries) as ground:
        ground.start_nats()
        ground.start_simulator()
        # A million bodies' message ids would cost nats-server a gigabyte.
        ingress = ground.start_ingress(STREAM_DEDUPE_WINDOW="1m")
        egress = ground.start_egress(EGRESS_RATE_PER_SECOND=100_000)
        nats = PlainNATS(ground.nats_port)

        def post():
            ground.load("webhooks", count=part, connections=32)
            nats.request("$JS.API.STREAM.PURGE.WHATSAPP_IN")

        def send():
            ground.load("sends", count=part, concurrency=64)
            # The simulator remembers what it was asked until it is told to forget.
            ground.simulator_request("DELETE", "requests")

        # Both at once: so that no processor waits.
        seen = {"ingress": [], "egress": []}
        failures = []
        threads = [
            threading.Thread(target=_repeat, args=(work, started, seen[name], part, failures))
            for name, work, started in (("ingress", post, ingress), ("egress", send, egress))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        nats.close()
        if failures:
            raise failures[0]
    growth = {name: _growth(looks) for name, looks in seen.items()}
    more = {f"{name} {words}": [value] for name, looks in seen.items() for words, value in (
        ("%", growth[name]), ("MB half-way", _middle(looks) / 1024), ("MB at the end", _end(looks) / 1024))}
    return Figure("memory", "%", [max(growth.values())], more)


def _repeat(work, started, looks, part, failures):
    try:
        for index in range(PARTS):
            work()
            looks.append(anonymous_kb(started.pid))
            tell(f"memory: {started.name} {looks[-1] / 1024:.1f} MB after {(index + 1) * part:,}")
    except Exception as failure:
        failures.append(failure)


def _middle(looks):
    middle = len(looks) // 2
    return statistics.median(looks[middle - TOGETHER // 2 - 1:middle + TOGETHER // 2])


def _end(looks):
    return statistics.median(looks[-TOGETHER:])


def _growth(looks):
    return (_end(looks) / _middle(looks) - 1) * 100


def anonymous_kb(pid):
    """What a process has in memory that is no file's; told to everybody, of undumpable processes, too."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
