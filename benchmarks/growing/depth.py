"""How many jobs wait in the queue: neither the start nor the rate at which they are sent depends on it."""

import time

from rig import Ground

from .chart import Chart, Panel
from .jobs import Jobs
from .progress import tell

DEPTHS = (0, 1000, 10_000, 100_000, 1_000_000)
# Jobs that are there while the rate of an otherwise empty queue is measured.
FLOW = 1000


def measure(binaries, rounds=3, quick=False, at=()):
    ready = Panel("Start of a worker", "ms", "ready", "first job sent")
    rate = Panel("Jobs sent without a rate limit", "a second", "")
    cost = Panel("CPU a job", "µs", "worker", "nats-server")
    for depth in at or (DEPTHS[:4] if quick else DEPTHS):
        with Ground(binaries) as ground:
            nats = ground.start_nats()
            ground.start_simulator()
            # It makes the streams.
            ground.stop(ground.start_egress())
            jobs = Jobs(ground.nats_port, ground.accounts[0])
            began = time.monotonic()
            # Where there are none, one that there is a first of.
            jobs.store(max(1, depth))
            tell(f"depth {depth}: stored in {time.monotonic() - began:.1f} s")
            for _ in range(rounds):
                jobs.forget()
                began = time.monotonic()
                egress = ground.start_egress(wait=False)
                seconds = egress.until_ready(60)
                first = jobs.first_sent() - began
                ready.add(depth, seconds * 1000, first * 1000)
                ground.stop(egress)
                jobs.store(max(0, max(1, depth) - jobs.stored))
                tell(f"depth {depth}: ready after {seconds * 1000:.0f} ms, first sent after {first * 1000:.0f} ms")
            egress = ground.start_egress(EGRESS_RATE_PER_SECOND=100_000, EGRESS_MAX_IN_FLIGHT=512)
            jobs.first_sent()
            jobs.refill(True)
            jobs.add(max(0, FLOW - depth))
            time.sleep(1)
            for _ in range(rounds):
                before = jobs.sent, egress.cpu_seconds, nats.cpu_seconds, time.monotonic()
                time.sleep(2)
                after = jobs.sent, egress.cpu_seconds, nats.cpu_seconds, time.monotonic()
                sent, egress_cpu, nats_cpu, wall = (now - then for now, then in zip(after, before))
                rate.add(depth, sent / wall)
                cost.add(depth, egress_cpu / sent * 1e6, nats_cpu / sent * 1e6)
                tell(f"depth {depth}: {sent / wall:.0f}/s, {egress_cpu / sent * 1e6:.0f} µs a job")
            jobs.refill(False)
            jobs.close()
    return Chart("depth", "Jobs that wait in the queue", "jobs in the queue", [ready, rate, cost])
