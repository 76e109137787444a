"""What authors copy to write wire plugins, in Python and in Go, speaks docs/wire-protocol.md: the same
probe in each language does what it is told, and the agent's side listens.

wire_library_test.py [GO GO_CACHE]: without a Go compiler, Python's alone.
"""

import base64
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from wire_driver import SCHEDULED_NS, WirePlugin

HERE = pathlib.Path(__file__).resolve().parent
TEMPLATES = HERE.parents[1] / "sdk/templates"
GO, GO_CACHE = (sys.argv[1:3] + [None, None])[:2]


class WireLibrary:
    """The tests; build() of a language makes self.program."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="shoal-wire-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.program = cls.build()

    def probe(self, act, kind="metric"):
        return WirePlugin(self.program, kind, {"act": act})

    def collect(self, act, status="ok"):
        """One round of a fresh probe; its last words, and the probe as it was left."""
        with self.probe(act) as probe:
            self.assertEqual(probe.create()["status"], "ok")
            done = probe.call("collect")
            self.assertEqual(done["status"], status, done)
            return done, probe

    def values(self, probe):
        return {sample["name"]: sample["value"] for sample in probe.samples}

    def test_starts_and_ends_with_the_agent(self):
        with self.probe("say") as probe:
            probe.create()
            self.assertEqual(probe.call("start", attempt=2)["status"], "ok")
            self.assertEqual(probe.logged, [("info", "metric:test starts, attempt 2")])
            self.assertEqual(probe.call("stop")["status"], "ok")
            self.assertEqual(probe.end(), (0, ""))

    def test_ends_in_the_middle_of_a_call_when_the_agent_has_gone(self):
        with self.probe("wait") as probe:
            probe.create()
            probe.begin("collect")
            self.assertEqual(probe.end(), (0, ""))

    def test_refuses_options(self):
        with self.probe("refuse") as probe:
            done = probe.create()
            self.assertEqual((done["status"], done["reason"]),
                             ("config", "act: expected something better"))

    def test_says_samples_and_drops_what_is_no_number(self):
        done, probe = self.collect("say")
        gauge, counter = probe.samples
        self.assertEqual(gauge, {"name": "probe.gauge", "value": 1.5, "unit": "seconds"})
        self.assertEqual((counter["kind"], counter["labels"], counter["per_seconds"]),
                         ("counter", [["cpu", "0"]], 60))
        self.assertEqual(counter["value"], self.large)
        self.assertEqual(done["dropped"], 2)

    def test_says_many_samples_in_frames_that_are_not_too_long(self):
        done, probe = self.collect("say_many")
        self.assertEqual([sample["value"] for sample in probe.samples], list(range(2500)))
        self.assertEqual(len(done["samples"]), 500)

    def test_keeps_what_was_said_before_a_failure(self):
        done, probe = self.collect("fail", status="retry")
        self.assertEqual(done["reason"], "the cup is empty")
        self.assertEqual(self.values(probe), {"probe.before": 1})

    def test_outlives_an_error_of_the_author(self):
        with self.probe("crash") as probe:
            probe.create()
            for _ in range(2):
                done = probe.call("collect")
                self.assertIn(done["status"], ("failed", "bug"))
                self.assertIn("nothing of that name", done["reason"])
            self.assertIn("crash", probe.end()[1])  # where it happened

    def test_keeps_state_that_is_not_text(self):
        with self.probe("remember") as probe:
            probe.create()
            probe.call("collect")
            self.assertEqual(self.values(probe), {"probe.bytes": 1})
            self.assertEqual(probe.state, {"runs": {"value_base64": "/zE="}})
            probe.call("collect")
            self.assertEqual(self.values(probe), {"probe.bytes": 2})

    def test_removes_state(self):
        with self.probe("forget") as probe:
            probe.state["runs"] = {"value": "text"}
            probe.create()
            probe.call("collect")
            self.assertEqual(probe.state, {})

    def test_asks_the_agent_for_http(self):
        asked = []

        def answer(request):
            asked.append(request)
            return {"status": "ok", "http_status": 503, "retry_after_ms": 2000,
                    "headers": [["Server", "x"]], "body_base64": base64.b64encode(b"\xff\0").decode()}

        with self.probe("fetch") as probe:
            probe.http = answer
            probe.create()
            probe.call("collect")
            self.assertEqual(self.values(probe), {"probe.status": 503, "probe.bytes": 2})
        request, = asked
        self.assertEqual((request["method"], request["url"], request["headers"], request["timeout_ms"],
                          request["body_base64"]),
                         ("POST", "http://x.test/", [["A", "b"]], 500, "/g=="))

    def test_fails_as_the_service_failed(self):
        done, _ = self.collect("fetch", status="retry")
        self.assertEqual(done["reason"], "no network here")

    def test_asks_who_the_host_is(self):
        _, probe = self.collect("identify")
        self.assertEqual(probe.logged, [("warning", "host.test")])

    def test_ends_a_call_that_is_cancelled(self):
        with self.probe("wait") as probe:
            probe.create()
            probe.begin("collect")
            probe.cancel()
            self.assertEqual(probe.finish()["status"], "cancelled")
            probe.begin("collect")  # the next is not cancelled by that
            probe.cancel()
            self.assertEqual(probe.finish()["status"], "cancelled")

    def test_asks_from_many_threads(self):
        _, probe = self.collect("in_threads")
        self.assertEqual(list(probe.state), ["key"])

    def test_prints_to_standard_output_as_ever(self):
        with self.probe("print") as probe:
            probe.create()
            probe.call("collect")
            self.assertEqual(probe.end(), (0, "a word to the log\n"))

    def test_judges(self):
        with self.probe("say", "check") as probe:
            probe.create()
            done = probe.call("check")
            self.assertEqual(done["report"], {"status": 2, "text": "it is broken"})
            self.assertEqual(self.values(probe), {"probe.value": 3})

    def test_delivers_with_a_verdict_for_each_record(self):
        records = [{"kind": "sample", "name": "a", "value": 1, "time_ns": SCHEDULED_NS},
                   {"kind": "event", "id": "1", "job": "check:a", "from": 0, "to": 2,
                    "is_hard": True, "time_ns": 1, "since_ns": 1}]
        for act, verdicts in (("none", [1, 1]), ("some", [1, 2])):
            with self.probe(act, "output") as probe:
                probe.create()
                done = probe.call("deliver", records=records)
                self.assertEqual((done["status"], done["verdicts"]), ("ok", verdicts))
                if act == "some":
                    self.assertEqual((done["retry_after_ms"], done["next_offer_ns"]),
                                     (1500, SCHEDULED_NS + 1))

    def test_ignores_members_it_does_not_know(self):
        with self.probe("say") as probe:
            probe.create()
            self.assertEqual(probe.call("collect", moon="full")["status"], "ok")

    def test_tells_a_person_how_to_run_it(self):
        answer = subprocess.run([self.program], capture_output=True, text=True, env={
            "PATH": "/usr/bin:/bin"})
        self.assertEqual(answer.returncode, 1)
        self.assertEqual(answer.stderr, "this is a plugin of the shoal agent; try: shoal plugin run "
                                        f"{self.program}\n")


class Python(WireLibrary, unittest.TestCase):
    large = 2**53 + 1

    @classmethod
    def build(cls):
        shutil.copy(TEMPLATES / "python/any/shoal_wire.py", cls.folder)
        return shutil.copy(HERE / "probes/python/probe", cls.folder)


@unittest.skipUnless(GO, "there is no Go compiler")
class Go(WireLibrary, unittest.TestCase):
    large = 2**53 - 1

    @classmethod
    def build(cls):
        module = cls.folder / "probe"
        shutil.copytree(HERE / "probes/go", module)
        shutil.copytree(TEMPLATES / "go/any/shoalwire", module / "shoalwire")
        subprocess.run([GO, "build"], cwd=module, check=True,
                       env={"PATH": "/usr/bin:/bin", "GOCACHE": GO_CACHE, "GOPATH": f"{GO_CACHE}/path",
                            "GOPROXY": "off", "CGO_ENABLED": "0"})
        return module / "probe"


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
