"""How many events a body holds: what each costs falls as its share of the rest of the webhook does."""

from rig import Ground

from .chart import Chart, Panel
from .progress import tell

# One copy of the body, and two events a message: 3, 21, 201 and 2,001 events are published.
MESSAGES = (1, 3, 10, 30, 100, 300, 1000)


def measure(binaries, rounds=3, quick=False, at=()):
    events = 20_000 if quick else 130_000
    cost = Panel("CPU an event, stored", "µs", "ingress", "nats-server")
    rate = Panel("Events stored", "a second", "")
    wait = Panel("A body answered, 8 connections", "ms", "median")
    with Ground(binaries) as ground:
        nats = ground.start_nats()
        ingress = ground.start_ingress()
        ground.load("webhooks", count=2000)
        for index in range(rounds):
            for messages in at or MESSAGES:
                published = 1 + 2 * messages
                before = nats.cpu_seconds
                count = min(15_000, max(64, events // published))
                outcome = ground.load("webhooks", count=count, connections=8, messages=messages, pids=[ingress])
                done = outcome["done"] * published
                cost.add(messages, outcome["cpu_us"] / published, (nats.cpu_seconds - before) / done * 1e6)
                rate.add(messages, outcome["rate"] * published)
                wait.add(messages, outcome["p50_ms"])
                tell(f"bodies of {messages}: {outcome['cpu_us'] / published:.1f} µs an event, "
                     f"{outcome['rate'] * published:.0f} events/s ({index + 1} of {rounds})")
    return Chart("bodies", "Messages in a body", "messages in a body", [cost, rate, wait])
