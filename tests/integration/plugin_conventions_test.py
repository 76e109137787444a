"""A command that keeps to the conventions of Mackerel's plugin libraries: graph definitions on request,
a state file of its own, counters as differences per minute, nothing where there is nothing to say."""

import hashlib
import json
import stat
import sys
import unittest

from agent_case import AgentCase, without_host_metrics

# The second post to Mackerel comes a minute after the first.
MINUTES = 120
PREFIX = "door"
PLUGIN = r'''#!%s
import hashlib, json, os, sys, time

prefix, source = sys.argv[2], sys.argv[4]
if os.environ.get("MACKEREL_AGENT_PLUGIN_META"):
    print("# mackerel-agent-plugin")
    print(json.dumps({"graphs": {
        prefix + ".visits": {"label": "Visits", "unit": "float",
                             "metrics": [{"name": "in", "label": "In", "stacked": True}]},
        prefix + ".people.#": {"label": "People", "unit": "integer",
                               "metrics": [{"name": "inside", "label": "Inside", "stacked": False}]}}}))
    sys.exit(0)

workdir = os.environ.get("MACKEREL_PLUGIN_WORKDIR") or os.environ.get("TMPDIR") or "/tmp"
digest = hashlib.sha1(" ".join(sys.argv[1:]).encode()).hexdigest()
path = os.path.join(workdir, "mackerel-plugin-" + prefix + "-" + digest)
try:
    values = json.load(open(source))
except (OSError, ValueError) as error:
    sys.exit("cannot fetch: " + str(error))
now = int(time.time())

def show(name, value):
    text = "%%d" %% value if value == int(value) else "%%f" %% value
    print(prefix + "." + name, text, now, sep="\t")

try:
    last = json.load(open(path))
except (OSError, ValueError):
    last = {}
elapsed = now - last.get("_lastTime", now)
if last and elapsed == 0:
    sys.exit(0)
if last and elapsed <= 600:
    difference = values["in"] - last["in"]
    show("visits.in", difference * 60 / elapsed if difference >= 0 else 0)
show("people.hall.inside", values["inside"])
with open(path, "w") as state:
    json.dump(dict(values, _lastTime=now), state)
''' % sys.executable


class Conventions(AgentCase):
    def setUp(self):
        super().setUp()
        self.workdir = self.folder / "work"
        self.workdir.mkdir()
        self.source = self.folder / "source.json"
        self.say(entered=1000, inside=5)
        plugin = self.write("mackerel-plugin-door", PLUGIN)
        plugin.chmod(plugin.stat().st_mode | stat.S_IXUSR)
        self.arguments = ["-metric-key-prefix", PREFIX, "-source", str(self.source)]
        self.mackerel = self.stub()
        self.running = self.agent(
            f'apikey = "key"\napibase = "{self.mackerel.url}"\n' + without_host_metrics()
            + f"[plugin.metrics.door]\ncommand = {json.dumps([str(plugin), *self.arguments])}\n"
            f'interval = "2s"\nenv = {{ MACKEREL_PLUGIN_WORKDIR = "{self.workdir}" }}\n')

    def say(self, entered, inside):
        new = self.write("new.json", json.dumps({"in": entered, "inside": inside}))
        new.rename(self.source)

    def visits(self):
        return [value for _, value in self.running.history("door.visits.in")]

    def test_its_state_its_rates_and_its_graphs(self):
        self.wait(lambda: self.running.history("door.people.hall.inside"), "the gauge")
        self.wait(lambda: self.visits(), "a difference, from the second round on")
        self.assertEqual(set(self.visits()), {0})
        self.say(entered=1060, inside=7)
        self.wait(lambda: any(value > 0 for value in self.visits()), "a rate")
        self.assertLessEqual(max(self.visits()), 60 * 60)

        digest = hashlib.sha1(" ".join(self.arguments).encode()).hexdigest()
        state = self.workdir / f"mackerel-plugin-{PREFIX}-{digest}"
        self.assertEqual(json.loads(state.read_text())["in"], 1060)
        self.wait(lambda: {"custom.door.visits.in", "custom.door.people.hall.inside"} <=
                  {point["name"] for point in self.mackerel.points()}, "both posted", MINUTES)
        graphs = {graph["name"]: graph for request in self.mackerel.requests("/graph-defs/create")
                  for graph in request["body"]}
        self.assertEqual(graphs["custom.door.visits"]["metrics"],
                         [{"name": "custom.door.visits.in", "displayName": "In", "isStacked": True}])
        self.assertEqual(graphs["custom.door.people.#"]["unit"], "integer")

    def test_its_state_outlives_the_agent(self):
        self.wait(lambda: self.running.history("door.people.hall.inside"), "the gauge")
        self.assertEqual(self.running.stop(), 0)
        self.say(entered=2000, inside=5)
        before = self.visits()
        self.running.start()
        self.running.wait_until_ready(60)

        self.wait(lambda: any(value > 0 for value in self.visits()[len(before):]),
                  "the difference over the restart")

    def test_a_round_that_fetches_nothing_says_why_and_the_next_goes_on(self):
        self.wait(lambda: self.running.history("door.people.hall.inside"), "the gauge")
        self.source.unlink()
        self.wait(lambda: self.running.job("metric:door")["failures"] > 0, "a failure")
        self.assertIn("cannot fetch", self.running.log_text())
        told = len(self.running.history("door.people.hall.inside"))

        self.say(entered=1000, inside=6)
        self.wait(lambda: len(self.running.history("door.people.hall.inside")) > told, "the gauge again")


if __name__ == "__main__":
    unittest.main()
