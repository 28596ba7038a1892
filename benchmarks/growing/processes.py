"""How many ingress processes share the webhooks: what one costs depends on how many come together, not on them."""

from rig import Ground
from rig.ground import free_ports

from .chart import Chart, Panel
from .progress import tell

MOST = 4
CONNECTIONS = 32
RATE = 1000


def measure(binaries, rounds=3, quick=False, at=()):
    count = 5000 if quick else 15_000
    cost = Panel("CPU a webhook, all ingresses", "µs", "as many as they take", "1,000 a second")
    server = Panel("CPU a webhook, nats-server", "µs", "as many as they take", "1,000 a second")
    rate = Panel("Webhooks stored, 32 connections to each", "a second", "")
    with Ground(binaries) as ground:
        nats = ground.start_nats()
        ports = free_ports(MOST)
        ingresses = [ground.start_ingress(port=port) for port in ports]
        # Once round without being counted: the first webhooks of a process are dearer.
        ground.load("webhooks", count=2000, port=ports)
        for index in range(rounds):
            for number in at or range(1, MOST + 1):
                full, steady = (
                    _round(ground, nats, ingresses[:number], ports[:number], CONNECTIONS * number, **load)
                    for load in ({"count": count}, {"count": 2 * RATE, "rate": RATE}))
                cost.add(number, full["ingress"], steady["ingress"])
                server.add(number, full["nats"], steady["nats"])
                rate.add(number, full["rate"])
                tell(f"processes {number}: {full['ingress']:.0f} µs at {full['rate']:.0f}/s, "
                     f"{steady['ingress']:.0f} µs at {steady['rate']:.0f}/s ({index + 1} of {rounds})")
    return Chart("processes", "Ingress processes", "ingress processes on the same 2 cores", [cost, server, rate])


def _round(ground, nats, ingresses, ports, connections, **load):
    before = nats.cpu_seconds
    outcome = ground.load("webhooks", connections=connections, port=ports, pids=ingresses, **load)
    microseconds = (nats.cpu_seconds - before) / outcome["done"] * 1e6
    return {"ingress": outcome["cpu_us"], "nats": microseconds, "rate": outcome["rate"]}
