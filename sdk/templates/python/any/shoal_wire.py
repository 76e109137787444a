# SPDX-License-Identifier: MIT
"""Speaks wire protocol 1 of the shoal agent, so that a plugin is a class with one method.

Keep this file beside the plugin. Derive from Metric, Check or Output, override its method, and end
with run(YourClass). Raise Failure to say why a call fails; any other exception counts as failed.
The constructor gets a Context, whose methods may be called from any thread.
"""

import base64
import itertools
import json
import math
import os
import queue
import socket
import struct
import sys
import threading
import time
import traceback

OK, WARNING, CRITICAL, UNKNOWN = range(4)  # what check() returns, with a text
RETRY, DELIVERED, REJECTED = range(3)  # what deliver() may return, one for each record
SAMPLES_A_FRAME = 1000


class Failure(Exception):
    """`status` says what the agent does next: retry, config, auth, rejected, unsupported, cancelled,
    deadline, permission, bug or failed."""

    def __init__(self, reason, status="failed"):
        super().__init__(reason)
        self.status = status


class Metric:
    def start(self, call): ...
    def stop(self, call): ...
    def collect(self, round): raise NotImplementedError


class Check:
    def start(self, call): ...
    def stop(self, call): ...
    def check(self, round): raise NotImplementedError  # returns (CRITICAL, "why")


class Output:
    def start(self, call): ...
    def stop(self, call): ...
    def deliver(self, batch): raise NotImplementedError  # returns verdicts; None: all delivered


class Call:
    """One call; `seconds_left` until nobody waits for it any more."""

    def __init__(self, wire, message):
        self._wire, self._id = wire, message["id"]
        self.attempt, self.scheduled_ns = message["attempt"], message["scheduled_ns"]
        self._deadline = time.monotonic() + message["timeout_ms"] / 1000

    def seconds_left(self):
        return self._deadline - time.monotonic()

    def is_cancelled(self):
        return self._wire.cancelled == self._id

    def outcome(self):
        return {}


class Round(Call):
    """A round of a metric or check: say its samples."""

    def __init__(self, wire, message):
        super().__init__(wire, message)
        self._samples, self._dropped = [], 0

    def gauge(self, name, value, **more):
        self.sample(name, value, **more)

    def counter(self, name, value, **more):
        self.sample(name, value, kind="counter", **more)

    def sample(self, name, value, labels=(), **more):
        """`more`: kind, unit, per_seconds, time_ns."""
        value = int(value) if isinstance(value, int) else float(value)
        if not math.isfinite(value):
            self._dropped += 1
            return
        pairs = {"labels": list(dict(labels).items())} if labels else {}
        self._samples.append({"name": name, "value": value, **pairs, **more})
        if len(self._samples) == SAMPLES_A_FRAME:
            self._wire.send({"type": "samples", "id": self._id, "samples": self._samples})
            self._samples = []

    def outcome(self):
        return {"samples": self._samples, "dropped": self._dropped}


class Batch(Call):
    """Records on their way out, as dicts in the form of docs/wire-protocol.md."""

    def __init__(self, wire, message):
        super().__init__(wire, message)
        self.records = message["records"]
        self.retry_after_ms = 0  # the receiver's own wish before the next try
        self.next_offer_ns = 0  # Unix time of the next regular offer

    def outcome(self):
        return {"retry_after_ms": self.retry_after_ms, "next_offer_ns": self.next_offer_ns}


class Context:
    """The agent, as one configured plugin sees it."""

    def __init__(self, wire, message):
        self._wire = wire
        self.job, self.options = message["job"], message["options"]

    def log(self, level, message):
        """`level`: debug, info, warning or error."""
        self._wire.send({"type": "log", "level": level, "message": message})

    def state(self, key):
        """The bytes kept under that key across restarts, or None."""
        answer = self._ask("state.get", key=key)
        return None if answer is None else _take_bytes(answer, "value")

    def set_state(self, key, value):
        self._ask("state.put", key=key, **_bytes_member("value", value))

    def remove_state(self, key):
        self._ask("state.remove", key=key)

    def http(self, url, method="GET", headers=(), body=b"", **more):
        """Sends a request; the answer, whatever its status. `more`: timeout_ms, max_response_bytes,
        proxy, ca_file, keep_alive, verify. Raises Failure if there is no answer."""
        return Response(self._ask("http.request", url=url, method=method,
                                  headers=list(dict(headers).items()), **_bytes_member("body", body),
                                  **more))

    def identity(self, what):
        """`what`: host_name, host_id, host_spec or jobs. None if there is none."""
        answer = self._ask(f"identity.{what}")
        return None if answer is None else answer["value"]

    def _ask(self, service, **members):
        answer = self._wire.ask(service, members)
        if answer["status"] == "nothing":
            return None
        if answer["status"] != "ok":
            raise Failure(answer.get("reason", service), answer["status"])
        return answer


class Response:
    def __init__(self, answer):
        self.status, self.body = answer["http_status"], _take_bytes(answer, "body")
        self.headers = {name.lower(): value for name, value in answer.get("headers", [])}
        self.retry_after_ms = answer.get("retry_after_ms", 0)


# Bytes travel as text where they are UTF-8, else as base64 under a longer name.


def _bytes_member(name, value):
    try:
        return {name: value if isinstance(value, str) else value.decode()}
    except UnicodeDecodeError:
        return {name + "_base64": base64.b64encode(value).decode()}


def _take_bytes(message, name):
    if name + "_base64" in message:
        return base64.b64decode(message[name + "_base64"])
    return message.get(name, "").encode()


class Wire:
    """Frames on a socket: the length in four bytes, then a JSON object."""

    def __init__(self, descriptor):
        self._socket = socket.socket(fileno=descriptor)
        self._writing = threading.Lock()
        self._numbers = itertools.count(1)
        self._answers = {}  # by the number of the request
        self.calls = queue.SimpleQueue()
        self.cancelled = None  # the id of the call that should end soon

    def send(self, message):
        text = json.dumps(message, ensure_ascii=False, allow_nan=False).encode(errors="replace")
        with self._writing:
            self._socket.sendall(struct.pack(">I", len(text)) + text)

    def ask(self, service, members):
        number = next(self._numbers)
        answers = self._answers[number] = queue.SimpleQueue()
        self.send({"type": "request", "request": number, "service": service, **members})
        try:
            return answers.get()
        finally:
            del self._answers[number]

    def read_all(self):
        with self._socket.makefile("rb") as stream:
            while len(length := stream.read(4)) == 4:
                self._take(json.loads(stream.read(*struct.unpack(">I", length))))
        os._exit(0)  # the agent has gone, or wants no more of this plugin

    def _take(self, message):
        if message["type"] == "cancel":
            self.cancelled = message["id"]
        elif message["type"] != "answer":
            self.calls.put(message)
        elif message["request"] in self._answers:
            self._answers[message["request"]].put(message)


def run(plugin_class, descriptor=3):
    """Serves the agent until it has enough. Never returns."""
    if os.environ.get("SHOAL_WIRE") != "1":
        sys.exit("this is a plugin of the shoal agent; try: shoal plugin run " + sys.argv[0])
    wire = Wire(descriptor)
    threading.Thread(target=wire.read_all, daemon=True).start()
    create = wire.calls.get()
    plugin = None

    def make():
        nonlocal plugin
        plugin = plugin_class(Context(wire, create))

    wire.send({"type": "done", "id": create["id"], **_guarded(make)})
    while True:
        message = wire.calls.get()
        wire.send({"type": "done", "id": message["id"], **_serve(wire, plugin, message)})


def _serve(wire, plugin, message):
    kind = message["type"]
    call = {"collect": Round, "check": Round, "deliver": Batch}.get(kind, Call)(wire, message)
    said = _guarded(lambda: _ANSWERS[kind](plugin, call))
    return {**call.outcome(), **said}


def _check(plugin, round):
    status, text = plugin.check(round)
    return {"report": {"status": status, "text": text}}


def _deliver(plugin, batch):
    verdicts = plugin.deliver(batch)
    return {"verdicts": [DELIVERED] * len(batch.records) if verdicts is None else verdicts}


_ANSWERS = {
    "start": lambda plugin, call: plugin.start(call),
    "collect": lambda plugin, round: plugin.collect(round),
    "check": _check,
    "deliver": _deliver,
    "stop": lambda plugin, call: plugin.stop(call),
}


def _guarded(body):
    """What came of it, as members of "done"."""
    try:
        return {"status": "ok", **(body() or {})}
    except Failure as failure:
        return {"status": failure.status, "reason": str(failure)}
    except Exception as error:
        traceback.print_exc()
        return {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
