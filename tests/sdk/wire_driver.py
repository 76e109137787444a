"""The agent's side of docs/wire-protocol.md, as small as it can be: starts a wire plugin, calls it,
answers what it asks for from dictionaries."""

import json
import os
import socket
import struct
import subprocess

SCHEDULED_NS = 1767366000 * 10**9


class WirePlugin:
    """A running wire plugin. Use in a with statement."""

    def __init__(self, program, kind, options=None, env=None):
        ours, theirs = socket.socketpair()
        self.socket = ours
        self.socket.settimeout(30)
        self.process = subprocess.Popen(
            [program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, pass_fds=(3,), env={**(env or os.environ), "SHOAL_WIRE": "1"},
            preexec_fn=lambda: os.dup2(theirs.fileno(), 3))
        theirs.close()
        self.kind = kind
        self.job = f"{kind}:test"
        self.options = options or {}
        self.state = {}
        self.http = lambda request: {"status": "retry", "reason": "no network here"}
        self.logged = []
        self.samples = []  # of the last call
        self._id = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.kill()
        self.process.communicate()

    def send(self, message):
        text = json.dumps(message).encode()
        self.socket.sendall(struct.pack(">I", len(text)) + text)

    def receive(self):
        size, = struct.unpack(">I", self._read(4))
        return json.loads(self._read(size))

    def create(self):
        return self.call("create", wire=1, agent="0", job=self.job, kind=self.kind,
                         options=self.options)

    def call(self, call, **members):
        """Makes a call and serves the plugin until it is done; its last words."""
        self.begin(call, **members)
        return self.finish()

    def begin(self, call, **members):
        self._id += 1
        if call != "create":
            members = {"attempt": 1, "scheduled_ns": SCHEDULED_NS, "timeout_ms": 30000, **members}
        self.send({"type": call, "id": self._id, **members})

    def cancel(self):
        self.send({"type": "cancel", "id": self._id})

    def finish(self):
        self.samples = []
        while True:
            message = self.receive()
            if message["type"] == "samples":
                self.samples += message["samples"]
            elif message["type"] == "log":
                self.logged.append((message["level"], message["message"]))
            elif message["type"] == "request":
                self.send({"type": "answer", "request": message["request"], **self._answer(message)})
            else:
                assert (message["type"], message["id"]) == ("done", self._id), message
                self.samples += message.get("samples", [])
                return message

    def end(self):
        """Goes away, as an agent does; the exit code and what the plugin printed."""
        self.socket.shutdown(socket.SHUT_WR)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out + err

    def _answer(self, request):
        service = request["service"]
        key = request.get("key")
        if service == "state.get":
            return {"status": "ok", **self.state[key]} if key in self.state else {"status": "nothing"}
        if service == "state.put":
            self.state[key] = {name: request[name] for name in ("value", "value_base64")
                               if name in request}
        elif service == "state.remove":
            self.state.pop(key, None)
        elif service == "http.request":
            return self.http(request)
        elif service == "identity.host_name":
            return {"status": "ok", "value": "host.test"}
        elif service == "identity.host_id":
            return {"status": "nothing"}
        else:
            return {"status": "unsupported", "reason": f"no service {service}"}
        return {"status": "ok"}

    def _read(self, size):
        text = b""
        while len(text) < size:
            more = self.socket.recv(size - len(text))
            if not more:
                raise EOFError(f"the plugin has gone: {self.process.communicate()}")
            text += more
        return text
