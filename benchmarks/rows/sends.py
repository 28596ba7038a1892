"""What a send costs an egress worker, how many it does a second, and what it adds to Graph's own time."""

from rig import Figure, Ground

# The pace is not what is measured.
UNPACED = {"EGRESS_RATE_PER_SECOND": 1_000_000, "EGRESS_MAX_IN_FLIGHT": 512}


def send_cpu(binaries, rounds):
    """CPU time a send over TLS, with Graph answering at once and after 100 ms; the dearer of the two counts."""
    quick, slow, loads = [], [], []
    with Ground(binaries) as ground:
        egress = _egress(ground, tls=True)
        for _ in rounds:
            ground.set_latency(0)
            outcome = ground.load("sends", pids=[egress], concurrency=64, count=6_000)
            quick.append(outcome["cpu_us"])
            loads.append(outcome["load_cpu_us"])
            ground.set_latency(100)
            slow.append(ground.load("sends", pids=[egress], concurrency=256, count=6_000)["cpu_us"])
    return Figure("send-cpu", "µs", [max(pair) for pair in zip(quick, slow)], {
        "at 0 ms": quick, "at 100 ms": slow, "load generator µs": loads})


def sends_100ms(binaries, rounds):
    """Sends a second of one account over TLS, 512 in flight, Graph answering after 100 ms."""
    with Ground(binaries) as ground:
        egress = _egress(ground, tls=True)
        ground.set_latency(100)
        outcomes = [ground.load("sends", pids=[egress], concurrency=512, count=10_000) for _ in rounds]
    return Figure(
        "sends-100ms", "sends/s", [each["rate"] for each in outcomes],
        {"CPU µs": [each["cpu_us"] for each in outcomes], "p50 ms": [each["p50_ms"] for each in outcomes]})


def request_latency(binaries, rounds):
    """From request to reply, one at a time, with Graph answering at once: the half of all that take the least.

    Without TLS, whose server here is a process more on the way.
    """
    with Ground(binaries) as ground:
        egress = _egress(ground)
        outcomes = [ground.load("sends", pids=[egress], concurrency=1, count=2_000) for _ in rounds]
    return Figure(
        "request-latency", "ms", [each["p50_ms"] for each in outcomes],
        {"p99 ms": [each["p99_ms"] for each in outcomes], "CPU µs": [each["cpu_us"] for each in outcomes]})


def _egress(ground, tls=False):
    """A worker whose connections to Graph are open."""
    ground.start_nats()
    ground.start_simulator(tls=tls)
    egress = ground.start_egress(**UNPACED)
    ground.load("sends", concurrency=512, count=3_000)
    return egress
