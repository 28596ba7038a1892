"""How many webhooks are stored a second, and how long one takes; nats-server and the load share the processors."""

from rig import Figure, Ground


def webhooks_stored(binaries, rounds):
    """Webhooks a second over 32 connections, the next as soon as one is answered."""
    with _ground(binaries) as (ground, ingress):
        outcomes = [ground.load("webhooks", pids=[ingress], connections=32, count=30_000) for _ in rounds]
    return Figure(
        "webhooks-stored", "webhooks/s", [each["rate"] for each in outcomes],
        {"CPU µs": [each["cpu_us"] for each in outcomes], "p99 ms": [each["p99_ms"] for each in outcomes]})


def webhooks_p99(binaries, rounds):
    """The 99th percentile at 1,000 webhooks a second, each counted from when it was due."""
    with _ground(binaries) as (ground, ingress):
        outcomes = [
            ground.load("webhooks", pids=[ingress], connections=128, count=5_000, rate=1_000) for _ in rounds
        ]
    return Figure(
        "webhooks-p99", "ms", [each["p99_ms"] for each in outcomes],
        {"p50 ms": [each["p50_ms"] for each in outcomes], "CPU µs": [each["cpu_us"] for each in outcomes]})


def events_large(binaries, rounds):
    """Events stored a second out of webhooks of a thousand messages."""
    rates, costs = [], []
    with _ground(binaries) as (ground, ingress):
        ground.load("webhooks", connections=8, count=8, messages=1_000)
        for _ in rounds:
            before = ground.stored_messages()
            outcome = ground.load("webhooks", pids=[ingress], connections=8, count=100, messages=1_000)
            stored = ground.stored_messages() - before
            rates.append(stored / outcome["seconds"])
            costs.append(outcome["cpu_us"] * outcome["done"] / stored)
    return Figure("events-large", "events/s", rates, {"CPU µs an event": costs})


class _ground:
    """A ground with nats-server and a warm ingress that stores."""

    def __init__(self, binaries):
        self._ground = Ground(binaries)

    def __enter__(self):
        ground = self._ground.__enter__()
        try:
            ground.start_nats()
            ingress = ground.start_ingress()
            ground.load("webhooks", connections=32, count=4_000)
            return ground, ingress
        except BaseException:
            self._ground.__exit__()
            raise

    def __exit__(self, *reason):
        self._ground.__exit__(*reason)
