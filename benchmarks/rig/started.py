"""A program that was started, and what can be known of it."""

import os
import signal
import socket
import subprocess
import threading
import time

from . import kernel


class NotReady(Exception):
    """A program ended, did not become ready in time, or refused its load; the words say which."""


class Started:
    """A running program: its readiness, its CPU time, its memory, its end.

    It has a session of its own, so that Ctrl-C reaches it through whoever started it, and in order.
    """

    def __init__(self, name, command, folder, environment, listens=True):
        self.name = name
        self.log = folder / f"{name}.log"
        self._ready = threading.Event()
        self._ready_at = None
        if listens:
            path = str(folder / f"{name}.notify")
            self._notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._notices.bind(path)
            environment = environment | {"NOTIFY_SOCKET": path}
            threading.Thread(target=self._read_notices, daemon=True).start()
        with open(self.log, "ab") as log:
            self._began = time.monotonic()
            self._process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        self.pid = self._process.pid

    def _read_notices(self):
        while True:
            words = self._notices.recv(4096)
            if b"READY=1" in words and not self._ready.is_set():
                self._ready_at = time.monotonic()
                self._ready.set()

    def until_ready(self, seconds=30):
        """Waits for READY=1; returns the seconds from the start of the program until then."""
        deadline = time.monotonic() + seconds
        while not self._ready.wait(0.05):
            self._check(deadline)
        return self._ready_at - self._began

    def until_listening(self, port, seconds=30):
        """Waits until a connection to this port of 127.0.0.1 is taken."""
        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        self.until(answers, seconds)

    def until(self, is_so, seconds=30):
        """Asks until it is so; raises NotReady when the program ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not is_so():
            self._check(deadline)
            time.sleep(0.01)

    def _check(self, deadline):
        if self._process.poll() is None and time.monotonic() < deadline:
            return
        state = "is not ready" if self._process.returncode is None else f"exited {self._process.returncode}"
        end = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
        raise NotReady(f"{self.name} {state}: {end}")

    @property
    def cpu_seconds(self):
        return kernel.cpu_seconds(self.pid)

    @property
    def thread_seconds(self):
        return kernel.thread_seconds(self.pid)

    def memory_kb(self, *names):
        """The sum of fields of smaps_rollup, such as Pss or Private_Dirty; None where only root may know."""
        return kernel.memory_kb(self.pid, *names)

    def children(self):
        """The pids of the processes that it started."""
        with open(f"/proc/{self.pid}/task/{self.pid}/children") as file:
            return [int(pid) for pid in file.read().split()]

    def stop(self, seconds=10):
        """SIGTERM, and SIGKILL where that does not help; returns the exit status."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            return self._process.wait()
