"""What a webhook costs the ingress, as a multiple of what it costs the plainest server."""

from rig import Figure, Ground

CONNECTIONS = 32


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
            plain = post(yardstick, 30_000, [port])
            whole = post(ingress, 20_000)
            ratios.append(whole["cpu_us"] / plain["cpu_us"])
            costs.append(whole["cpu_us"])
            yardsticks.append(plain["cpu_us"])
            loads.append(whole["load_cpu_us"])
    return Figure(row, "× the yardstick", ratios, {
        "ingress µs": costs, "yardstick µs": yardsticks, "load generator µs": loads})
