"""What a webhook costs the ingress, as a multiple of what it costs the plainest server."""

from rig import Figure, Ground

CONNECTIONS = 32
# How often yardstick and ingress take turns in a round: what else the machine does then meets both.
TURNS = 3


def ingress_stored(binaries, rounds):
    """The ingress, every event stored in JetStream before it answers."""
    return _ratio("ingress-stored", "jetstream", binaries, rounds)


def ingress_core(binaries, rounds):
    """The ingress, every event with the NATS server before it answers."""
    return _ratio("ingress-core", "core", binaries, rounds)


def _ratio(row, delivery, binaries, rounds):
    """Rounds of the yardstick and of the ingress in turn: the same requests, the same connections, the same minutes."""
    ratios, costs, yardsticks, loads = [], [], [], []
    with Ground(binaries) as ground:
        ground.start_nats()
        yardstick, port = ground.start_yardstick()
        ingress = ground.start_ingress(delivery=delivery)

        def post(server, count, ports=()):
            return ground.load("webhooks", pids=[server], connections=CONNECTIONS, count=count, port=ports)

        post(yardstick, 4_000, [port])
        post(ingress, 4_000)
        for _ in rounds:
            turns = [(post(yardstick, 10_000, [port]), post(ingress, 7_000)) for _ in range(TURNS)]
            plain, whole = (sum(each["cpu_us"] for each in side) / TURNS for side in zip(*turns))
            ratios.append(whole / plain)
            costs.append(whole)
            yardsticks.append(plain)
            loads.append(sum(each["load_cpu_us"] for _, each in turns) / TURNS)
    return Figure(row, "× the yardstick", ratios, {
        "ingress µs": costs, "yardstick µs": yardsticks, "load generator µs": loads})
