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
    """Rounds of the yardsticks and of the ingress in turn: the same requests, the same connections, the same minutes."""
    costs, loads = {name: [] for name in ("ingress", "yardstick", "NIO")}, []
    with Ground(binaries) as ground:
        ground.start_nats()
        ingress = ground.start_ingress(delivery=delivery)
        servers = {
            "ingress": (ingress, ground.ingress_port), "yardstick": ground.start_yardstick(),
            "NIO": ground.start_yardstick("yardstick-nio")}

        def post(name, count):
            server, port = servers[name]
            return ground.load("webhooks", pids=[server], connections=CONNECTIONS, count=count, port=port)

        for name in servers:
            post(name, 4_000)
        for _ in rounds:
            turns = [{name: post(name, 7_000) for name in servers} for _ in range(TURNS)]
            for name in servers:
                costs[name].append(sum(turn[name]["cpu_us"] for turn in turns) / TURNS)
            loads.append(sum(turn["ingress"]["load_cpu_us"] for turn in turns) / TURNS)
    ratios, nio = (
        [cost / plain for cost, plain in zip(costs["ingress"], costs[name])] for name in ("yardstick", "NIO"))
    return Figure(row, "× the yardstick", ratios, {
        "ingress µs": costs["ingress"], "yardstick µs": costs["yardstick"], "× NIO's": nio,
        "NIO's µs": costs["NIO"], "load generator µs": loads})
