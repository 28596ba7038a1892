"""How many ingress processes share the webhooks: what one costs does not depend on them."""

from rig import Ground
from rig.ground import free_ports

from .chart import Chart, Panel
from .progress import tell

MOST = 4


def measure(binaries, rounds=5, quick=False, at=()):
    count = 5000 if quick else 15_000
    cost = Panel("CPU a webhook", "µs", "all ingresses", "nats-server")
    rate = Panel("Webhooks stored", "a second", "")
    memory = Panel("Memory of its own, each", "MB", "")
    with Ground(binaries) as ground:
        nats = ground.start_nats()
        ports = free_ports(MOST)
        ingresses = [ground.start_ingress(port=port) for port in ports]
        # Once round without being counted: the first webhooks of a process are dearer.
        ground.load("webhooks", count=2000, port=ports)
        for index in range(rounds):
            for number in at or range(1, MOST + 1):
                before = nats.cpu_seconds
                outcome = ground.load(
                    "webhooks", count=count, connections=32, port=ports[:number], pids=ingresses[:number])
                cost.add(number, outcome["cpu_us"], (nats.cpu_seconds - before) / outcome["done"] * 1e6)
                rate.add(number, outcome["rate"])
                private = [ingress.memory_kb("Private_Dirty") for ingress in ingresses[:number]]
                if None not in private:
                    memory.add(number, sum(private) / len(private) / 1024)
                tell(f"processes {number}: {outcome['cpu_us']:.0f} µs, {outcome['rate']:.0f}/s "
                     f"({index + 1} of {rounds})")
    panels = [panel for panel in (cost, rate, memory) if panel.series[0].rounds]
    return Chart("processes", "Ingress processes", "ingress processes on the same 2 cores", panels)
