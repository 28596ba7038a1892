"""A place to run programs on: a folder, free ports, and the processes, all of which end with it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from .started import NotReady, Started
from .trust import Trust

SECRET = "0123456789abcdef0123456789abcdef"


class Ground:
    """A folder with settings for so many accounts, and what is started in it.

    Everything is on ports of its own and ends, the last one first, when the `with` block does. Variables of a program
    are given by name: `ground.start_egress(EGRESS_MAX_IN_FLIGHT=512)`.
    """

    def __init__(self, binaries, accounts=1):
        self.binaries = binaries
        self.accounts = [f"account_{number}" for number in range(1, accounts + 1)]
        self.phone_number_ids = [str(106540352000000 + number) for number in range(1, accounts + 1)]
        self._folder = Path(tempfile.mkdtemp(prefix="whatsapp-bench."))
        self._running = []
        self._count = 0
        self._trust = None
        self.nats_port, self._monitor_port, self.ingress_port, self._graph_port, self._tls_port = free_ports(5)
        self._graph_url = f"http://127.0.0.1:{self._graph_port}"
        self._write_settings()

    def _write_settings(self):
        lines = [
            f"NATS_URL=nats://127.0.0.1:{self.nats_port}", "HOST=127.0.0.1", f"PORT={self.ingress_port}",
            f"APP_SECRET={SECRET}", "WEBHOOK_VERIFY_TOKEN=benchmark",
            "INGRESS_ADMIN=off", "EGRESS_ADMIN=off", "SUPERVISOR_ADMIN=off", "LOG_FORMAT=logfmt",
        ]
        # Tokens as long as Meta's.
        lines += [
            f"WA_{name.upper()}={number}:EAAG{int(number):0196d}"
            for name, number in zip(self.accounts, self.phone_number_ids)
        ]
        (self._folder / ".env").write_text("\n".join(lines) + "\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            for started in reversed(self._running):
                started.stop()
        finally:
            if os.environ.get("BENCH_KEEP"):
                print(f"kept: {self._folder}", file=sys.stderr)
            else:
                shutil.rmtree(self._folder, ignore_errors=True)

    # MARK: Starting and stopping

    def start(self, name, command, listens=True, **variables):
        """Starts any program in the folder; its environment is these variables and no more than it needs."""
        kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
        self._count += 1
        started = Started(
            f"{name}-{self._count}", command, self._folder,
            kept | {"TMPDIR": str(self._folder)} | {key: str(value) for key, value in variables.items()}, listens)
        self._running.append(started)
        return started

    def stop(self, started):
        """Ends one of them before the rest; returns its exit status."""
        self._running.remove(started)
        return started.stop()

    def start_nats(self):
        """A nats-server with JetStream, its files in the folder."""
        program = shutil.which("nats-server", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
        if program is None:
            sys.exit("nats-server is missing: scripts/dependencies installs it")
        store = self._folder / "jetstream"
        command = [program, "-a", "127.0.0.1", "-p", str(self.nats_port), "-m", str(self._monitor_port)]
        nats = self.start("nats", [*command, "-js", "-sd", str(store)], listens=False)
        nats.until_listening(self.nats_port)
        return nats

    def start_simulator(self, latency_ms=0, tls=False):
        """The Graph simulator, without status webhooks; with TLS, egress workers started later speak TLS to it."""
        command = [self.binaries["graph-simulator"], "--listen", f"127.0.0.1:{self._graph_port}", "--no-statuses"]
        simulator = self.start("simulator", command, listens=False)
        simulator.until_listening(self._graph_port)
        self.set_latency(latency_ms)
        self._graph_url = f"http://127.0.0.1:{self._graph_port}"
        if tls:
            self._trust = self._trust or Trust(self._folder)
            server = self.start("tls", self._trust.server(self._tls_port, behind=self._graph_port), listens=False)
            server.until_listening(self._tls_port)
            self._graph_url = f"https://localhost:{self._tls_port}"
        return simulator

    def set_latency(self, milliseconds):
        """How long the simulator waits before it answers."""
        self.simulator_request("PUT", "faults", {"latency_ms": milliseconds})

    def simulator_request(self, method, path, body=None):
        """Asks the simulator's control endpoint, such as `GET stats`."""
        return _asked(method, f"http://127.0.0.1:{self._graph_port}/_simulator/{path}", body)

    def stored_messages(self):
        """How many messages nats-server keeps in all its streams."""
        return _asked("GET", f"http://127.0.0.1:{self._monitor_port}/jsz")["messages"]

    def start_ingress(self, delivery="jetstream", port=None, wait=True, **variables):
        """An ingress, on the ground's port unless told otherwise; ready when this returns."""
        variables = {"INGRESS_DELIVERY": delivery, "PORT": port or self.ingress_port} | variables
        return self._ready(self.start("ingress", [self.binaries["whatsapp-ingress"]], **variables), wait)

    def start_egress(self, *arguments, wait=True, **variables):
        """An egress worker of all accounts; ready when this returns."""
        command = [self.binaries["whatsapp-egress"], *arguments]
        if self._graph_url.startswith("https:"):
            command = self._trust.trusting(command)
        variables = {"GRAPH_URL": self._graph_url} | variables
        return self._ready(self.start("egress", command, **variables), wait)

    def start_supervisor(self, wait=True, **variables):
        """A supervisor with the workers it is told to have; ready when this returns."""
        variables = {"GRAPH_URL": self._graph_url} | variables
        return self._ready(self.start("supervisor", [self.binaries["whatsapp-supervisor"]], **variables), wait)

    def start_yardstick(self, program="yardstick-go"):
        """The plainest server that reads a webhook, checks its signature and answers; returns it and its port."""
        (port,) = free_ports(1)
        yardstick = self.start(
            program, [self.binaries[program], "--port", str(port), "--secret", SECRET], listens=False)
        yardstick.until_listening(port)
        return yardstick, port

    @staticmethod
    def _ready(started, wait):
        if wait:
            started.until_ready()
        return started

    # MARK: Load

    def load(self, kind, pids=(), seconds=300, **options):
        """Runs the load tool: `load("sends", concurrency=64, count=20_000, pids=[egress])`.

        Returns what it measured, by name: done, refused, seconds, rate, cpu_us (of `pids`, for each that was done),
        load_cpu_us (its own), p50_ms, p99_ms. An option that is a list is given once for each element.
        """
        command = [self.binaries["load"], kind]
        options = options | {"pid": [getattr(pid, "pid", pid) for pid in pids]}
        for name, value in options.items():
            for element in value if isinstance(value, (list, tuple)) else [value]:
                flag = "--" + name.replace("_", "-")
                command += [flag] if element is True else [flag, str(element)]
        output = subprocess.run(
            command, cwd=self._folder, capture_output=True, text=True, timeout=seconds, check=False)
        if output.returncode != 0:
            raise NotReady(f"load {kind} exited {output.returncode}: {output.stderr or output.stdout}")
        outcome = json.loads(output.stdout.splitlines()[0])
        # Some may be refused where a machine stands still for a while; of a load that is refused no figure says anything.
        if outcome["refused"] > outcome["done"] / 100:
            raise NotReady(f"load {kind}: {outcome['refused']} were refused, {outcome['done']} done")
        return outcome


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _asked(method, url, body=None):
    """The JSON that a server answers with; None where it answers with nothing."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, method=method, data=data), timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text.strip() else None
