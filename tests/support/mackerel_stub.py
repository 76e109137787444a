#!/usr/bin/env python3
"""A local stand-in for the Mackerel API: answers plausibly, checks what it is sent, remembers it.

On the command line:
    tests/support/mackerel_stub.py --port 18080 --requests requests.jsonl
    tests/support/mackerel_stub.py --tls cert.pem key.pem --fail 500        (everything, until told)

In a test:
    with MackerelStub() as stub:
        stub.answer(500, count=3, path="/tsdb")
        ... stub.url, stub.requests("/tsdb") ...

From outside while it runs, as HTTP:
    POST /stub/answer    {"status": 500, "count": 3, "path": "/tsdb", "delay": 0.5, "retry_after": 2}
    POST /stub/clear     forgets every such order
    GET  /stub/requests  what it was sent, as a JSON array

An order without "count" holds until it is cleared; without "path" it holds for every path. Each
request becomes one JSON line: time, connection, method, path, query, headers (names in lower case),
body (parsed where it is JSON), status (what it was answered).
"""

import argparse
import json
import re
import signal
import socket
import ssl
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

METRIC_NAME = re.compile(r"[A-Za-z0-9._-]+\Z")
CHECK_NAME = re.compile(r"[A-Za-z0-9_-]+\Z")
CHECK_STATUSES = {"OK", "WARNING", "CRITICAL", "UNKNOWN"}
MOST_REPORTS = 100
# Ways to be no server: hang up without a word, reset in the middle of the body, let the body drip,
# send what is no HTTP, promise more bytes than there are, answer in another's name.
MANNERS = ("close", "reset", "drip", "garbage", "wrong_length", "html")


class Refused(Exception):
    """The API would answer this request with an error."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def expect(condition, message, status=400):
    if not condition:
        raise Refused(status, message)


# ---- the API ------------------------------------------------------------------------------------


class Api:
    """What the API knows and answers; one request at a time."""

    def __init__(self, first_host_id="2AbCdEfGhIj"):
        self.first_host_id = first_host_id
        self.key = None  # any key is right
        self.refuses = lambda point: False  # a metric point that spoils its request
        self.hosts = {}

    def answer(self, method, path, body):
        for route_method, pattern, respond in self.ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == route_method:
                return respond(self, body, *map(unquote, match.groups()))
        raise Refused(404, f"no such endpoint: {method} {path}")

    def create_host(self, body):
        expect(isinstance(body, dict) and body.get("name"), "a host needs a name")
        host_id = self.first_host_id if not self.hosts else f"host{len(self.hosts) + 1:07d}"
        self.hosts[host_id] = dict(body, id=host_id, status="working", isRetired=False)
        return {"id": host_id}

    def find_hosts(self, _body):
        return {"hosts": list(self.hosts.values())}

    def show_host(self, _body, host_id):
        return {"host": self.host(host_id)}

    def update_host(self, body, host_id):
        expect(isinstance(body, dict) and body.get("name"), "a host needs a name")
        self.host(host_id).update(body)
        return {"id": host_id}

    def set_status(self, body, host_id):
        expect(isinstance(body, dict) and "status" in body, "a status is missing")
        self.host(host_id)["status"] = body["status"]
        return {"success": True}

    def retire(self, _body, host_id):
        self.host(host_id)["isRetired"] = True
        return {"success": True}

    def take_metrics(self, body):
        expect(isinstance(body, list), "metrics must be an array")
        for point in body:
            expect(isinstance(point, dict), "a metric must be an object")
            expect(METRIC_NAME.match(str(point.get("name"))), f"bad name: {point.get('name')!r}")
            expect(is_number(point.get("value")), f"bad value of {point['name']}")
            expect(isinstance(point.get("time"), int), f"bad time of {point['name']}")
            expect(not self.refuses(point), f"{point['name']} is refused")
            self.host(point.get("hostId"), status=400)
        return {"success": True}

    def take_service_metrics(self, body, _service):
        expect(isinstance(body, list), "metrics must be an array")
        for point in body:
            expect(METRIC_NAME.match(str(point.get("name"))), f"bad name: {point.get('name')!r}")
            expect(is_number(point.get("value")), f"bad value of {point['name']}")
            expect(set(point) == {"name", "time", "value"}, f"bad keys of {point['name']}")
        return {"success": True}

    def take_graphs(self, body):
        expect(isinstance(body, list), "graph definitions must be an array")
        for graph in body:
            expect(graph.get("name", "").startswith("custom."), f"bad graph {graph.get('name')!r}")
            for metric in graph.get("metrics", []):
                prefix, _, last = metric.get("name", "").rpartition(".")
                expect(prefix == graph["name"] and last, f"bad graph metric {metric.get('name')!r}")
        return {"success": True}

    def take_reports(self, body):
        reports = body.get("reports") if isinstance(body, dict) else None
        expect(isinstance(reports, list), "reports are missing")
        expect(len(reports) <= MOST_REPORTS, f"more than {MOST_REPORTS} reports")
        for report in reports:
            expect(CHECK_NAME.match(str(report.get("name"))), f"bad name: {report.get('name')!r}")
            expect(report.get("status") in CHECK_STATUSES, f"bad status of {report['name']}")
            expect(isinstance(report.get("occurredAt"), int), f"bad time of {report['name']}")
            self.host(report.get("source", {}).get("hostId"), status=400)
        return {"success": True}

    def take_metadata(self, _body, host_id, _namespace):
        self.host(host_id)
        return {"success": True}

    # A host id from an earlier life of the stub is taken as known: agents keep theirs in a file.
    def host(self, host_id, status=404):
        expect(isinstance(host_id, str) and host_id, "host id is missing", status)
        return self.hosts.setdefault(
            host_id, {"id": host_id, "name": host_id, "status": "working", "isRetired": False}
        )

    ROUTES = [
        ("POST", r"/api/v0/hosts", create_host),
        ("GET", r"/api/v0/hosts", find_hosts),
        ("GET", r"/api/v0/hosts/([^/]+)", show_host),
        ("PUT", r"/api/v0/hosts/([^/]+)", update_host),
        ("POST", r"/api/v0/hosts/([^/]+)/status", set_status),
        ("POST", r"/api/v0/hosts/([^/]+)/retire", retire),
        ("PUT", r"/api/v0/hosts/([^/]+)/metadata/([^/]+)", take_metadata),
        ("POST", r"/api/v0/tsdb", take_metrics),
        ("POST", r"/api/v0/services/([^/]+)/tsdb", take_service_metrics),
        ("POST", r"/api/v0/graph-defs/create", take_graphs),
        ("POST", r"/api/v0/monitoring/checks/report", take_reports),
    ]


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# ---- the server ---------------------------------------------------------------------------------


class MackerelStub:
    """The API behind a port of this host, on threads of its own. Use as a context manager."""

    def __init__(self, port=0, requests_file=None, tls=None, delay=0.0):
        self.api = Api()
        self.delay = delay
        self.lock = threading.Lock()
        self._orders = []
        self._requests = []
        self._in_flight = []
        self._log = open(requests_file, "a", encoding="utf-8") if requests_file else None
        self._connections = 0
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.stub = self
        if tls:
            certificate, key = tls
            self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._server.tls.load_cert_chain(certificate, key)
        self._scheme = "https" if tls else "http"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self):
        return self._server.server_address[1]

    @property
    def url(self):
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        if self._log:
            self._log.close()

    def answer(self, status, count=None, path="", delay=0.0, retry_after=None):
        """Orders that the next `count` requests whose path holds `path` are answered so; a count
        of None means until clear(). A status of 200 only delays."""
        self._order(status=status, count=count, path=path, delay=delay, retry_after=retry_after)

    def misbehave(self, manner, count=None, path=""):
        """As answer(), but with something that is no answer: one of MANNERS."""
        assert manner in MANNERS, manner
        self._order(status=0, count=count, path=path, delay=0.0, retry_after=None, manner=manner)

    def _order(self, **order):
        with self.lock:
            self._orders.append(order)

    def clear(self):
        with self.lock:
            self._orders.clear()

    def requests(self, path=""):
        """What has been answered so far, oldest first."""
        with self.lock:
            return [request for request in self._requests if path in request["path"]]

    def points(self):
        """Every metric point that was answered with 200, in order of arrival."""
        accepted = [r for r in self.requests("/api/v0/tsdb") if r["status"] == 200]
        return [point for request in accepted for point in request["body"]]

    def in_flight(self, path=""):
        """The bodies of what has been received and not yet answered."""
        with self.lock:
            return [request["body"] for request in self._in_flight if path in request["path"]]

    # What follows is for the handler.

    def receive(self, request):
        with self.lock:
            self._in_flight.append(request)

    def next_connection(self):
        with self.lock:
            self._connections += 1
            return self._connections

    def take_order(self, path):
        with self.lock:
            for order in self._orders:
                if order["path"] in path and order["count"] != 0:
                    if order["count"] is not None:
                        order["count"] -= 1
                    return dict(order)
        return None

    def respond(self, method, path, headers, body):
        """The status and the JSON of an answer of the API itself."""
        try:
            expect(headers.get("x-api-key"), "no api key", 403)
            expect(self.api.key in (None, headers["x-api-key"]), "Authentication failed", 401)
            expect(not isinstance(body, str), "the body is not JSON")
            with self.lock:
                return 200, self.api.answer(method, path, body)
        except Refused as refusal:
            return refusal.status, {"error": {"message": str(refusal)}}

    def remember(self, request, status):
        with self.lock:
            self._in_flight.remove(request)
            request["status"] = status
            self._requests.append(request)
            if self._log and not self._log.closed:
                self._log.write(json.dumps(request) + "\n")
                self._log.flush()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    tls = None
    stub = None

    # A client that drops its connection is what tests are about, not a reason for a stack trace.
    def handle_error(self, request, client_address):
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120

    # The handshake belongs to the connection's own thread: a silent client must not hold up others.
    def setup(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        self.connection_number = self.server.stub.next_connection()

    # Wrapping took the descriptor away from the socket that the server will close.
    def finish(self):
        super().finish()
        if self.server.tls:
            self.request.close()

    def log_message(self, *_):
        pass

    def handle_request(self):
        stub = self.server.stub
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.read_body()
        if url.path.startswith("/stub/"):
            return self.control(url.path, body)

        request = {
            "time": time.time(),
            "connection": self.connection_number,
            "method": self.command,
            "path": url.path,
            "query": url.query,
            "headers": headers,
            "body": body,
        }
        stub.receive(request)
        order = stub.take_order(url.path)
        time.sleep(stub.delay + (order["delay"] if order else 0.0))
        if order and order.get("manner"):
            stub.remember(request, 0)
            return self.misbehave(order["manner"])
        if order and order["status"] != 200:
            status, answer = order["status"], {"error": {"message": "as ordered"}}
        else:
            status, answer = stub.respond(self.command, url.path, headers, body)
        stub.remember(request, status)
        return self.send(status, answer, order and order["retry_after"])

    do_GET = do_POST = do_PUT = do_DELETE = handle_request

    def misbehave(self, manner):
        self.close_connection = True
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n"
        if manner == "garbage":
            self.connection.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        elif manner == "html":
            self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n<html>log in</html>")
        elif manner == "drip":
            self.connection.sendall(head)
            self.drip()
        elif manner in ("reset", "wrong_length"):
            self.connection.sendall(head + b'{"success":')
        if manner == "reset":
            linger_not = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
            self.connection.close()

    # Until whoever reads has had enough.
    def drip(self):
        try:
            for _ in range(59):
                time.sleep(1)
                self.connection.sendall(b" ")
        except OSError:
            pass

    def control(self, path, body):
        stub = self.server.stub
        if path == "/stub/answer":
            stub.answer(**body)
        elif path == "/stub/clear":
            stub.clear()
        elif path == "/stub/requests":
            return self.send(200, stub.requests())
        return self.send(200, {})

    def read_body(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(errors="replace")
        try:
            return json.loads(text) if text.strip() else None
        except ValueError:
            return text

    def send(self, status, answer, retry_after=None):
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        # Head and body leave in one segment: two would meet Nagle and a delayed acknowledgement.
        self._headers_buffer.append(b"\r\n" + content)
        self.flush_headers()


def main():
    parser = argparse.ArgumentParser(description="A local stand-in for the Mackerel API.")
    parser.add_argument("--port", type=int, default=18080, help="0 takes any free one")
    parser.add_argument("--requests", metavar="FILE", help="append each request as a JSON line")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="speak HTTPS")
    parser.add_argument("--fail", type=int, metavar="STATUS", help="answer everything so at first")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    arguments = parser.parse_args()

    with MackerelStub(arguments.port, arguments.requests, arguments.tls, arguments.delay) as stub:
        if arguments.fail:
            stub.answer(arguments.fail)
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        print(f"listening on {stub.url}", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
