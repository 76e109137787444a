"""A local stand-in for a Slack incoming webhook: answers in plain words as Slack does, refuses what
Slack refuses, remembers what it was sent.

    with SlackStub() as stub:
        stub.answer(429, "rate_limited", count=2, retry_after=1)
        ... stub.url, stub.messages() ...
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/services/T00000000/B00000000/secret"
LONGEST_TEXT = 4_000
LONGEST_ATTACHMENT = 8_000
LONGEST_MESSAGE = 40_000
MOST_ATTACHMENTS = 100


def refusal_of(path, content_type, body):
    """The status and the word with which Slack refuses a request; None if it takes it."""
    if path != PATH:
        return 404, "no_service"
    try:
        payload = json.loads(body.decode("utf-8"))  # refuses raw control characters too
    except ValueError:
        return 400, "invalid_payload"
    if not content_type.startswith("application/json") or not isinstance(payload, dict):
        return 400, "invalid_payload"
    attachments = payload.get("attachments") or []
    if not payload.get("text") and not attachments:
        return 400, "no_text"
    if len(attachments) > MOST_ATTACHMENTS:
        return 400, "too_many_attachments"
    texts = [attachment.get("text", "") for attachment in attachments]
    if any(len(text) > LONGEST_ATTACHMENT for text in texts):
        return 400, "invalid_payload"
    if len(payload.get("text", "")) > LONGEST_TEXT or sum(map(len, texts)) > LONGEST_MESSAGE:
        return 400, "invalid_payload"
    return None


class SlackStub:
    """The webhook behind a port of this host, on threads of its own. Use as a context manager."""

    def __init__(self):
        self.lock = threading.Lock()
        self._orders = []
        self._requests = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.stub = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, status, word, count=None, retry_after=None):
        """Orders that the next `count` requests are answered so; None means until clear()."""
        with self.lock:
            self._orders.append({"status": status, "word": word, "count": count,
                                 "retry_after": retry_after})

    def clear(self):
        with self.lock:
            self._orders.clear()

    def requests(self):
        """All that was received: time (of a clock that never steps), status, payload."""
        with self.lock:
            return list(self._requests)

    def messages(self):
        """The payloads that were answered with "ok", oldest first."""
        return [request["payload"] for request in self.requests() if request["status"] == 200]

    def events(self):
        """(status, check) of each change that was told, in order."""
        return [event for message in self.messages() for event in events_in(message)]

    # For the handler.
    def respond(self, path, content_type, body):
        now = time.monotonic()
        with self.lock:
            order = next((o for o in self._orders if o["count"] != 0), None)
            if order and order["count"] is not None:
                order["count"] -= 1
            refusal = refusal_of(path, content_type, body)
            if order:
                status, word = order["status"], order["word"]
            else:
                status, word = refusal or (200, "ok")
            payload = None if refusal else json.loads(body)
            self._requests.append({"time": now, "status": status, "payload": payload})
        return status, word, order and order["retry_after"]


def events_in(message):
    """(status, check) of each change that one message tells, in the words of our plugin."""
    attachments = message["attachments"]
    if len(attachments) == 1 and "title" not in attachments[0]:
        yield event_in(message["text"].split(" on ")[0].split(",")[0])
        return
    for attachment in attachments:
        title = attachment["title"]
        if ": " in title:
            yield event_in(title.split(",")[0].split(" (")[0])
            continue
        for entry in attachment["text"].replace("\n", ", ").split(", "):
            yield title.split(" ")[0], entry.split(":")[0].split(" (")[0]


def event_in(headline):
    status, _, check = headline.partition(": ")
    return status, check


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120
    wbufsize = -1  # an answer leaves in one piece: its second half would wait for an acknowledgement

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, word, retry_after = self.server.stub.respond(
            self.path, self.headers.get("Content-Type", ""), body)
        content = word.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass
