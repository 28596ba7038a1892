"""Jobs stored and jobs sent, over a plain connection to NATS: fast enough for a million of them."""

import json
import socket
import threading
import time

STREAM = "WHATSAPP_OUT"
# How many jobs may be on their way into the stream.
WAVE = 20_000


class PlainNATS:
    """One connection; a thread of its own reads, and hands over what comes by subscription."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._input = self._socket.makefile("rb", 1 << 20)
        self._input.readline()
        self._answers, self._handlers, self._number = {}, {}, 0
        self.write(b'CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nSUB _PLAIN.* 0\r\n')
        threading.Thread(target=self._read, daemon=True).start()

    def write(self, data):
        self._socket.sendall(data)

    def subscribe(self, subject, handler):
        """Calls with nothing, for each message, on the thread that reads."""
        number = len(self._handlers) + 1
        self._handlers[str(number).encode()] = handler
        self.write(f"SUB {subject} {number}\r\n".encode())

    def request(self, subject, body=b""):
        """The answer, read as JSON; waits 10 s for it."""
        self._number += 1
        reply = f"_PLAIN.{self._number}"
        came = threading.Event()
        self._answers[reply.encode()] = answer = [came, None]
        self.write(f"PUB {subject} {reply} {len(body)}\r\n".encode() + body + b"\r\n")
        if not came.wait(10):
            raise TimeoutError(subject)
        return json.loads(answer[1])

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)

    def _read(self):
        while line := self._input.readline():
            if line.startswith((b"MSG", b"HMSG")):
                words = line.split()
                payload = self._input.read(int(words[-1]) + 2)
                if handler := self._handlers.get(words[2]):
                    handler()
                elif waiting := self._answers.pop(words[1], None):
                    waiting[1] = payload
                    waiting[0].set()
            elif line.startswith(b"PING"):
                self.write(b"PONG\r\n")


class Jobs:
    """The jobs of one account: those that are stored here, and those that are told as sent."""

    def __init__(self, port, account):
        self._connection = PlainNATS(port)
        self._subject = f"whatsapp.{account}.queue.sendMessage"
        self._made = 0
        self._sent = 0
        self._first = None
        self._refills = False
        self._connection.subscribe(f"whatsapp.{account}.sent", self._note)

    def close(self):
        self._connection.close()

    def _note(self):
        self._sent += 1
        if self._first is None:
            self._first = time.monotonic()
        if self._refills:
            self._connection.write(self._job())

    def _job(self):
        self._made += 1
        # Every job is for a recipient of its own.
        payload = f'{{"to":"44{7700000000 + self._made}","text":"Yes, it is."}}'
        return f"PUB {self._subject} {len(payload)}\r\n{payload}\r\n".encode()

    @property
    def stored(self):
        """How many are in the stream."""
        return self._connection.request(f"$JS.API.STREAM.INFO.{STREAM}")["state"]["messages"]

    def store(self, count):
        """Stores so many while nobody sends; they go out without acks, and the stream is asked how many it has."""
        wanted = self.stored
        for begin in range(0, count, WAVE):
            part = min(WAVE, count - begin)
            self._connection.write(b"".join(self._job() for _ in range(part)))
            wanted += part
            self._until_stored(wanted - WAVE)
        self._until_stored(wanted)

    def add(self, count):
        """Stores so many while somebody sends."""
        self._connection.write(b"".join(self._job() for _ in range(count)))

    def _until_stored(self, count):
        while self.stored < count:
            time.sleep(0.005)

    def first_sent(self, seconds=60):
        """The instant at which the first was told as sent, since the last call of `forget`."""
        deadline = time.monotonic() + seconds
        while self._first is None:
            if time.monotonic() > deadline:
                raise TimeoutError("no job is told as sent")
            time.sleep(0.001)
        return self._first

    def forget(self):
        self._first = None

    @property
    def sent(self):
        return self._sent

    def refill(self, does):
        """Whether another job is stored for each that is sent, so that there are always as many."""
        self._refills = does
