"""The rows of the table: each a function of the binaries and a `Rounds` that returns a `Figure`."""

from .footprint import idle_pss, worker_start
from .ingress_cost import ingress_core, ingress_stored
from .sends import request_latency, send_cpu, sends_100ms
from .webhooks import events_large, webhooks_p99, webhooks_stored

ROWS = {
    "ingress-stored": ingress_stored,
    "ingress-core": ingress_core,
    "webhooks-stored": webhooks_stored,
    "webhooks-p99": webhooks_p99,
    "events-large": events_large,
    "send-cpu": send_cpu,
    "sends-100ms": sends_100ms,
    "request-latency": request_latency,
    "worker-start": worker_start,
    "idle-pss": idle_pss,
}
