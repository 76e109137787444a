"""The examples in Rust, Go and Python do what they say; tests/plugin looks at those in C and C++.

examples_test.py EXAMPLES_DIR
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

from wire_driver import WirePlugin

EXAMPLES = pathlib.Path(sys.argv[1])
SHOAL = pathlib.Path(os.environ["SHOAL_BUILD_DIR"]) / "core/agent/shoal"
WITHOUT_HOST_METRICS = "".join(
    f"[host_metrics.{name}]\nenabled = false\n"
    for name in ("cpu", "disk", "filesystem", "interface", "loadavg", "memory"))


def example(name):
    return unittest.skipUnless((EXAMPLES / name).exists(), "its compiler is not here")


@example("example_forks.so")
class Forks(unittest.TestCase):
    def collect(self, text):
        """What the agent makes of a file with that text; the answer to `shoal once`."""
        with tempfile.TemporaryDirectory() as folder:
            stat = pathlib.Path(folder) / "stat"
            stat.write_text(text)
            conf = pathlib.Path(folder) / "forks.conf"
            conf.write_text(f'[plugin.metrics.forks]\nplugin = "{EXAMPLES}/example_forks.so"\n'
                            f'isolation = "inline"\noptions = {{ path = "{stat}" }}\n'
                            + WITHOUT_HOST_METRICS)
            return subprocess.run([SHOAL, "once", "--conf", conf, "--root", folder, "--format", "text"],
                                  capture_output=True, text=True, timeout=60)

    def test_counts(self):
        answer = self.collect("cpu  1 2 3\nctxt 500\nprocesses 20\n")
        self.assertEqual([line.split() for line in answer.stdout.splitlines()],
                         [["example_forks.processes", "0"], ["example_forks.switches", "0"]],
                         answer.stderr)

    def test_says_which_line_is_missing(self):
        answer = self.collect("cpu  1 2 3\nctxt many\nprocesses 20\n")
        self.assertIn("/stat: expected a line ctxt with a number", answer.stderr)


@example("example_port")
class Port(unittest.TestCase):
    def check(self, address, **options):
        """The verdict, and the names of the samples."""
        options = {"address": address, "warning": 1000, "critical": 5000, **options}
        with WirePlugin(EXAMPLES / "example_port", "check", options) as plugin:
            created = plugin.create()
            if created["status"] != "ok":
                return created
            done = plugin.call("check")
            self.assertEqual(done["status"], "ok", done)
            return done["report"], [sample["name"] for sample in plugin.samples]

    def test_is_content_with_a_port_that_accepts(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = "127.0.0.1:%d" % server.getsockname()[1]
            report, samples = self.check(address)
            self.assertEqual((report["status"], samples), (0, ["example_port.seconds"]))
            self.assertRegex(report["text"], rf"^{address} accepts within \d+ ms$")

    def test_is_critical_of_a_port_that_refuses(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = "127.0.0.1:%d" % server.getsockname()[1]
        report, samples = self.check(address)
        self.assertEqual((report["status"], samples), (2, []))
        self.assertIn("connection refused", report["text"])

    def test_is_critical_of_a_port_that_does_not_answer(self):
        with socket.create_server(("127.0.0.1", 0), backlog=0) as server, \
                socket.create_connection(server.getsockname()):  # no room for another
            address = "127.0.0.1:%d" % server.getsockname()[1]
            report, samples = self.check(address, warning=10, critical=50)
        self.assertEqual((report, samples),
                         ({"status": 2, "text": f"{address}: no answer within 50 ms"}, []))

    def test_refuses_options(self):
        self.assertEqual(self.check("nowhere")["reason"],
                         "address: address nowhere: missing port in address")
        self.assertEqual(self.check("a:1", critical=1)["reason"],
                         "critical: expected no less than warning")


class Webhook(unittest.TestCase):
    RECORDS = [{"kind": "event", "id": "1", "job": "check:web", "from": 0, "to": 2, "text": "é"}]

    def deliver(self, status, **options):
        asked = []

        def answer(request):
            asked.append(request)
            return {"status": "ok", "http_status": status, "retry_after_ms": 7000}

        with WirePlugin(EXAMPLES / "example_webhook", "output",
                        {"url": "http://x.test/hook", **options}) as plugin:
            plugin.http = answer
            self.assertEqual(plugin.create()["status"], "ok")
            done = plugin.call("deliver", records=self.RECORDS)
            return done, asked[0]

    def test_posts_the_records(self):
        done, request = self.deliver(204, token="secret")
        self.assertEqual((done["status"], done["verdicts"]), ("ok", [1]))
        self.assertEqual((request["method"], request["url"]), ("POST", "http://x.test/hook"))
        self.assertIn(["Authorization", "Bearer secret"], request["headers"])
        self.assertEqual(json.loads(request["body"]), self.RECORDS)

    def test_says_what_the_agent_shall_do_with_a_batch_that_was_refused(self):
        for status, next_step in ((401, "auth"), (429, "retry"), (503, "retry"), (400, "rejected")):
            done, _ = self.deliver(status)
            self.assertEqual((done["status"], done["reason"], done["retry_after_ms"]),
                             (next_step, f"HTTP {status}", 7000))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
