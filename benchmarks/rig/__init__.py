"""What benchmarks have in common: the programs that are measured, a ground to run them on, load, and figures.

    from rig import Binaries, Ground

    with Ground(Binaries.of_environment()) as ground:
        ground.start_nats()
        ground.start_simulator(latency_ms=100)
        egress = ground.start_egress(EGRESS_RATE_PER_SECOND=100_000)
        outcome = ground.load("sends", concurrency=64, count=20_000, pids=[egress])
        print(outcome["cpu_us"], egress.memory_kb("Pss"))
"""

from .binaries import Binaries
from .figures import Figure, Thresholds, middle
from .ground import Ground
from .started import NotReady, Started

__all__ = ["Binaries", "Figure", "Ground", "NotReady", "Started", "Thresholds", "middle"]
