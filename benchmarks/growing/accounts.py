"""How many accounts one worker and one ingress serve: what each costs at the start, in memory, and a message."""

import time

from rig import Ground

from .chart import Chart, Panel
from .progress import tell

ACCOUNTS = (1, 10, 100, 1000)
IDLE_SECONDS = 4


def measure(binaries, rounds=3, quick=False, at=()):
    count = 4000 if quick else 10_000
    cost = Panel("CPU a message", "µs", "webhook", "send")
    start = Panel("Start to ready", "ms", "ingress", "worker")
    idle = Panel("CPU while nothing is sent", "% of a core", "worker")
    memory = Panel("Memory of its own, after the load", "MB", "ingress", "worker")
    for number in at or (ACCOUNTS[:3] if quick else ACCOUNTS):
        with Ground(binaries, accounts=number) as ground:
            ground.start_nats()
            ground.start_simulator()
            for index in range(rounds):
                ingress = ground.start_ingress(delivery="core", wait=False)
                ingress_start = ingress.until_ready()
                egress = ground.start_egress(
                    wait=False, EGRESS_RATE_PER_SECOND=100_000, EGRESS_MAX_IN_FLIGHT=512)
                egress_start = egress.until_ready(60)
                egress.until(lambda: egress.log.read_text().count("holding the queue lane") >= number, 120)
                before = egress.cpu_seconds
                time.sleep(IDLE_SECONDS)
                idle.add(number, (egress.cpu_seconds - before) / IDLE_SECONDS * 100)
                start.add(number, ingress_start * 1000, egress_start * 1000)
                webhooks = ground.load("webhooks", count=count, connections=32, pids=[ingress])
                sends = ground.load("sends", count=count, concurrency=64, pids=[egress])
                cost.add(number, webhooks["cpu_us"], sends["cpu_us"])
                kilobytes = [started.memory_kb("Private_Dirty") for started in (ingress, egress)]
                if None not in kilobytes:
                    memory.add(number, *(value / 1024 for value in kilobytes))
                tell(f"accounts {number}: webhook {webhooks['cpu_us']:.0f} µs, send {sends['cpu_us']:.0f} µs, "
                     f"worker ready in {egress_start * 1000:.0f} ms ({index + 1} of {rounds})")
                ground.stop(ingress)
                ground.stop(egress)
    # Memory of undumpable processes is root's to see.
    panels = [panel for panel in (cost, start, idle, memory) if panel.series[0].rounds]
    return Chart("accounts", "Accounts of one process", "accounts", panels)
