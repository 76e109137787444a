"""The stub is a judge in other tests, so it is judged first: what it accepts, refuses, remembers."""

import http.client
import json
import os
import ssl
import subprocess
import tempfile
import time
import unittest
from contextlib import closing

from mackerel_stub import MackerelStub

POINT = {"hostId": "h", "name": "loadavg5", "time": 1767366000, "value": 0.42}


def connect(stub):
    return closing(http.client.HTTPConnection("127.0.0.1", stub.port, timeout=5))


def send(stub, method, path, body=None, key="k"):
    """The status, the parsed answer and the headers of one request on its own connection."""
    with connect(stub) as connection:
        return send_on(connection, method, path, body, key)


def send_on(connection, method, path, body=None, key="k"):
    content = body if isinstance(body, (str, type(None))) else json.dumps(body)
    connection.request(method, path, content, {"X-Api-Key": key} if key else {})
    response = connection.getresponse()
    return response.status, json.loads(response.read()), dict(response.getheaders())


class Answers(unittest.TestCase):
    def setUp(self):
        self.stub = MackerelStub()
        self.stub.__enter__()
        self.addCleanup(self.stub.__exit__)

    def test_registers_a_host_and_knows_it_afterwards(self):
        status, answer, _ = send(self.stub, "POST", "/api/v0/hosts?", {"name": "web1"})
        self.assertEqual((status, answer), (200, {"id": "2AbCdEfGhIj"}))

        _, answer, _ = send(self.stub, "GET", "/api/v0/hosts/2AbCdEfGhIj?")
        self.assertEqual(answer["host"]["name"], "web1")

    def test_remembers_accepted_points_only(self):
        send(self.stub, "POST", "/api/v0/tsdb", [POINT])
        self.stub.answer(503, count=1)
        send(self.stub, "POST", "/api/v0/tsdb", [dict(POINT, value=1)])

        self.assertEqual(self.stub.points(), [POINT])
        self.assertEqual([r["status"] for r in self.stub.requests("/tsdb")], [200, 503])

    def test_refuses_what_the_api_would_refuse(self):
        for method, path, body, expected in [
            ("POST", "/api/v0/tsdb", {"not": "an array"}, 400),
            ("POST", "/api/v0/tsdb", "not json", 400),
            ("POST", "/api/v0/tsdb", [dict(POINT, name="a b")], 400),
            ("POST", "/api/v0/tsdb", [dict(POINT, value="1")], 400),
            ("POST", "/api/v0/tsdb", [dict(POINT, time=1.5)], 400),
            ("POST", "/api/v0/tsdb", [dict(POINT, hostId="")], 400),
            ("POST", "/api/v0/hosts", {}, 400),
            ("POST", "/api/v0/graph-defs/create", [{"name": "super.dice"}], 400),
            ("POST", "/api/v0/monitoring/checks/report", {"reports": [{"name": "a b"}]}, 400),
            ("GET", "/api/v0/nowhere", None, 404),
        ]:
            with self.subTest(path=path, body=body):
                self.assertEqual(send(self.stub, method, path, body)[0], expected)

    def test_refuses_a_request_without_a_key(self):
        self.assertEqual(send(self.stub, "POST", "/api/v0/tsdb", [POINT], key=None)[0], 403)

    def test_an_order_holds_for_its_count_and_path(self):
        self.stub.answer(429, count=1, path="/tsdb", retry_after=7)

        self.assertEqual(send(self.stub, "POST", "/api/v0/hosts", {"name": "web1"})[0], 200)
        status, _, headers = send(self.stub, "POST", "/api/v0/tsdb", [POINT])
        self.assertEqual((status, headers["Retry-After"]), (429, "7"))
        self.assertEqual(send(self.stub, "POST", "/api/v0/tsdb", [POINT])[0], 200)

    def test_takes_orders_over_http_and_holds_them_until_cleared(self):
        send(self.stub, "POST", "/stub/answer", {"status": 500})
        first = [send(self.stub, "POST", "/api/v0/tsdb", [POINT])[0] for _ in range(3)]
        send(self.stub, "POST", "/stub/clear")

        self.assertEqual(first, [500, 500, 500])
        self.assertEqual(send(self.stub, "POST", "/api/v0/tsdb", [POINT])[0], 200)

    def test_delays_an_answer(self):
        self.stub.answer(200, count=1, delay=0.2)
        began = time.monotonic()

        self.assertEqual(send(self.stub, "POST", "/api/v0/tsdb", [POINT])[0], 200)
        self.assertGreaterEqual(time.monotonic() - began, 0.2)

    def test_keeps_a_connection_alive_and_numbers_it(self):
        with connect(self.stub) as connection:
            for _ in range(2):
                send_on(connection, "POST", "/api/v0/tsdb", [POINT])
        send(self.stub, "POST", "/api/v0/tsdb", [POINT])

        self.assertEqual([r["connection"] for r in self.stub.requests()], [1, 1, 2])


class OverTls(unittest.TestCase):
    def test_speaks_https_and_writes_each_request_as_a_line(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate, key, log = (os.path.join(folder, n) for n in ("cert", "key", "log"))
            make_certificate(certificate, key)
            context = ssl.create_default_context(cafile=certificate)

            with MackerelStub(requests_file=log, tls=(certificate, key)) as stub:
                connection = http.client.HTTPSConnection(
                    "127.0.0.1", stub.port, timeout=5, context=context)
                with closing(connection):
                    status, _, _ = send_on(connection, "POST", "/api/v0/tsdb", [POINT])

            self.assertEqual(status, 200)
            with open(log, encoding="utf-8") as lines:
                self.assertEqual([json.loads(line)["body"] for line in lines], [[POINT]])


def make_certificate(certificate, key):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True)


if __name__ == "__main__":
    unittest.main()
