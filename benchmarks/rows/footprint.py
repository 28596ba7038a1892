"""What a worker takes to start, and to be there."""

import sys
import time
from pathlib import Path

from rig import Figure, Ground, middle
from rig.kernel import memory_mb

STARTS = 8
SETTLING_SECONDS = 4


def worker_start(binaries, rounds):
    """From the start of a worker's program to its READY=1, NATS being there; the slower of the two workers counts."""
    egress, ingress = [], []
    with Ground(binaries) as ground:
        ground.start_nats()
        ground.start_simulator()
        # The first of each makes its streams.
        for start in (ground.start_egress, ground.start_ingress):
            ground.stop(start())
        for _ in rounds:
            egress.append(middle([_start(ground, ground.start_egress) for _ in range(STARTS)]))
            ingress.append(middle([_start(ground, ground.start_ingress) for _ in range(STARTS)]))
    return Figure(
        "worker-start", "ms", [max(pair) for pair in zip(egress, ingress)], {"egress": egress, "ingress": ingress})


def _start(ground, start):
    started = start(wait=False)
    milliseconds = started.until_ready() * 1000
    ground.stop(started)
    return milliseconds


def idle_pss(binaries, rounds):
    """The memory of an egress worker that has nothing to do, its share of what it shares with supervisor and ingress."""
    shares = {"whatsapp-egress": [], "whatsapp-ingress": [], "whatsapp-supervi": []}
    alone = []
    with Ground(binaries) as ground:
        ground.start_nats()
        ground.start_simulator()
        for _ in rounds:
            supervisor = ground.start_supervisor(SUPERVISOR_COMPONENTS="ingress,egress")
            time.sleep(SETTLING_SECONDS)
            for pid in [supervisor.pid, *supervisor.children()]:
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                shares[next(known for known in shares if known.startswith(name))].append(memory_mb(pid, "Pss"))
            ground.stop(supervisor)
            egress = ground.start_egress()
            time.sleep(SETTLING_SECONDS)
            alone.append(memory_mb(egress.pid, "Pss"))
            ground.stop(egress)
    if None in alone:
        sys.exit("idle-pss: only root may know the memory of these processes")
    return Figure("idle-pss", "MB", shares["whatsapp-egress"], {
        "ingress": shares["whatsapp-ingress"], "supervisor": shares["whatsapp-supervi"], "egress alone": alone})
