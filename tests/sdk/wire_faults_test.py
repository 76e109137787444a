"""`shoal plugin test` finds what is wrong with a wire plugin: one fault each, planted in Python.

wire_faults_test.py SHOAL_PLUGIN_TEST
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TESTER = sys.argv[1]
LIBRARY = pathlib.Path(__file__).resolve().parents[2] / "sdk/templates/python/any/shoal_wire.py"

METRIC = """
class Plugin(shoal_wire.Metric):
    def __init__(self, context):
        self.context = context
        self.kept = []

    def collect(self, round):
        {}
        round.gauge("x.value", 1)
"""
OUTPUT = """
class Plugin(shoal_wire.Output):
    def __init__(self, context):
        self.context = context

    def deliver(self, batch):
        {}
"""

# The fault, what is planted, the rule that is broken, and where the tester finds it.
FAULTS = [
    ("writes something else on the socket", METRIC.format("os.write(3, b'hello, world')"),
     "wire/frames", "one-life"),
    ("says a message that there is not", METRIC.format("self.context._wire.send({'type': 'hello'})"),
     "wire/frames", "one-life"),
    ("says a kind that there is not", METRIC.format("round.sample('x.y', 1, kind='meter')"),
     "wire/frames", "one-life"),
    ("gives too few verdicts", OUTPUT.format("return []"), "wire/frames", "one-life"),
    ("exits in a round", METRIC.format("os._exit(0)"), "wire/alive", "one-life"),
    ("is killed in a round", METRIC.format("os.kill(os.getpid(), 11)"), "wire/alive", "one-life"),
    ("dies without a service", METRIC.format(
        "try:\n            self.context.state('a')\n"
        "        except shoal_wire.Failure:\n            os._exit(3)"),
     "wire/alive", "absent-services"),
    ("dies of a strange answer", METRIC.format(
        "try:\n            json.loads(self.context.http('http://x/').body)\n"
        "        except ValueError:\n            os._exit(4)"), "wire/alive", "answers"),
    ("does not stop when it is cancelled", METRIC.format(
        "try:\n            self.context.http('http://x/')\n"
        "        except shoal_wire.Failure:\n            time.sleep(600)"),
     "time/deadline", "deadline"),
    ("says no reason", METRIC.format("raise shoal_wire.Failure('')"), "status/reason", "one-life"),
    ("keeps a descriptor a round", METRIC.format("self.kept.append(open('/dev/null'))"),
     "wire/alive", "rounds"),  # the host ends who holds too many
    ("keeps memory", METRIC.format("self.kept.append(b'x' * 100_000)"), "resources/memory", "rounds"),
    ("does not end with its socket", METRIC.format("pass") + "os._exit = lambda code: time.sleep(60)\n",
     "wire/end", "later-agent"),
    ("refuses what it does not know", METRIC.format("pass") + """
old = shoal_wire.Wire._take
def take(self, message):
    if "later" in message:
        os.kill(os.getpid(), 9)
    old(self, message)
shoal_wire.Wire._take = take
""", "wire/later", "later-agent"),
    ("refuses options that work", "class Plugin:\n    def __init__(self, context):\n"
     "        raise shoal_wire.Failure('no', 'config')\n", "create/options", "one-life"),
]


class WireFaults(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shoal-wire-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(LIBRARY, self.folder)

    def plant(self, source):
        kind = "output" if "deliver" in source else "metric"
        plugin = self.folder / "planted"
        plugin.write_text("#!/usr/bin/env python3\nimport json\nimport os\nimport time\n"
                          f"import shoal_wire\n{source}\nshoal_wire.run(Plugin)\n")
        plugin.chmod(0o755)
        manifest = {"id": "planted", "version": "1.0.0", "abi": abi(), "wire": 1, "kind": kind,
                    "summary": "has a fault"}
        if kind == "output":
            manifest["accepts"] = ["sample"]
        plugin.with_name("planted.shoal.json").write_text(json.dumps(manifest))
        return plugin

    def found(self, plugin, *words):
        answer = subprocess.run([TESTER, "--json", *words, plugin], capture_output=True, text=True,
                                timeout=280)
        result = json.loads(answer.stdout)
        return answer.returncode, {finding["rule"] for test in result["tests"]
                                   for finding in test.get("findings", [])}

    def test_are_found(self):
        for fault, source, rule, test in FAULTS:
            with self.subTest(fault):
                code, rules = self.found(self.plant(source), "--only", f"wire/{test}")
                self.assertEqual(code, 1)
                self.assertIn(rule, rules)

    def test_a_plugin_without_one_passes(self):
        for source in (METRIC.format("pass"), OUTPUT.format("pass")):
            self.assertEqual(self.found(self.plant(source)), (0, set()))

    def test_a_manifest_of_another_protocol_is_refused(self):
        plugin = self.plant(METRIC.format("pass"))
        manifest = plugin.with_name("planted.shoal.json")
        manifest.write_text(manifest.read_text().replace('"wire": 1', '"wire": 2'))
        self.assertEqual(self.found(plugin), (1, {"file/refused"}))


def abi():
    text = (LIBRARY.parents[3] / "include/shoal/types.h").read_text()
    return ".".join(re.search(rf"#define SHOAL_ABI_{part} (\d+)", text)[1]
                    for part in ("MAJOR", "MINOR"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
