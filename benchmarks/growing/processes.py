"""How many ingress processes share the webhooks: what one costs depends on how many come together, not on them."""

from rig import Ground
from rig.ground import free_ports

from .chart import Chart, Panel
from .progress import tell

MOST = 4
CONNECTIONS = 32


def measure(binaries, rounds=3, quick=False, at=()):
    count = 5000 if quick else 15_000
    cost = Panel("CPU a webhook, all ingresses", "µs", "32 connections to each", "32 in all")
    server = Panel("CPU a webhook, nats-server", "µs", "32 connections to each", "32 in all")
    rate = Panel("Webhooks stored", "a second", "32 connections to each", "32 in all")
    with Ground(binaries) as ground:
        nats = ground.start_nats()
        ports = free_ports(MOST)
        ingresses = [ground.start_ingress(port=port) for port in ports]
        # Once round without being counted: the first webhooks of a process are dearer.
        ground.load("webhooks", count=2000, port=ports)
        for index in range(rounds):
            for number in at or range(1, MOST + 1):
                each, total = (
                    _round(ground, nats, ingresses[:number], ports[:number], count, connections)
                    for connections in (CONNECTIONS * number, CONNECTIONS))
                for panel, name in ((cost, "ingress"), (server, "nats"), (rate, "rate")):
                    panel.add(number, each[name], total[name])
                tell(f"processes {number}: {each['ingress']:.0f} µs, {each['rate']:.0f}/s ({index + 1} of {rounds})")
    return Chart("processes", "Ingress processes", "ingress processes on the same 2 cores", [cost, server, rate])


def _round(ground, nats, ingresses, ports, count, connections):
    before = nats.cpu_seconds
    outcome = ground.load("webhooks", count=count, connections=connections, port=ports, pids=ingresses)
    microseconds = (nats.cpu_seconds - before) / outcome["done"] * 1e6
    return {"ingress": outcome["cpu_us"], "nats": microseconds, "rate": outcome["rate"]}
