"""The tester finds one fault at a time in a plugin that is otherwise good, and names the rule."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

TOP = pathlib.Path(__file__).resolve().parents[2]
TESTER = os.environ["SHOAL_PLUGIN_TEST"]
SANITIZED = os.environ.get("SHOAL_SANITIZERS", "none") != "none"

# A fault and the kinds it is planted in, and the rule the tester must name.
FAULTS = {
    "leak": ("metric", "lifetime/leak"),
    "fd_leak": ("metric", "resources/descriptors"),
    "crash": ("metric", "lifetime/crash"),
    "exits": ("check", "process/exit"),
    "nan_value": ("metric", "points/finite"),
    "bad_name": ("metric", "series/name"),
    "undeclared": ("metric", "points/declared"),
    "foreign_series": ("metric", "series/manifest"),
    "seconds": ("metric", "points/time"),
    "late_emit": ("metric", "points/round"),
    "prints": ("metric", "process/stdout"),
    "no_reason": ("check", "status/reason"),
    "unknown_status": ("metric", "status/range"),
    "keeps_job": ("metric", "memory/borrowed"),
    "writes_options": ("metric", "memory/read-only"),
    "c_string": ("metric", "memory/text-end"),
    "exact_size": ("metric", "size/larger"),
    "global": ("metric", "globals/written"),
    "global_context": ("metric", "points/round"),
    "signals": ("metric", "process/signals"),
    "environment": ("metric", "process/environment"),
    "directory": ("metric", "process/directory"),
    "locale_set": ("metric", "process/locale"),
    "rounding": ("metric", "process/float"),
    "no_report": ("check", "report/missing"),
    "bad_report": ("check", "report/status"),
    "overrun": ("output", "deliver/overrun"),
    "bad_verdict": ("output", "deliver/verdict"),
    "kept_unknown": ("output", "deliver/unknown-kind"),
    "no_stride": ("output", "size/stride"),
    "touches": ("metric", "create/untouched"),
    "empty_create": ("metric", "create/instance"),
    "table_changes": ("metric", "tables/constant"),
    "no_state_check": ("metric", "lifetime/failed-create"),
    "null_text": ("metric", "text/null"),
    "not_utf8": ("check", "text/utf8"),
    "secret": ("check", "options/secret"),
    "speaks_later": ("metric", "host/destroyed"),
    "wrong_option": ("metric", "options/type"),
}
# These take as long as they are meant to; only their group is run.
SLOW = {
    "sleeps": ("check", "time/deadline", "time/deadlines"),
    "deaf": ("check", "time/cancel", "time/cancel"),
}
# A sanitizer counts the heap itself.
NEEDS_PLAIN_HEAP = {"leak", "no_state_check"}


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="shoal-")
        cls.addClassCleanup(cls.scratch.cleanup)

    def build(self, fault, kind):
        """In a folder of its own, so that the file has the name of its manifest."""
        plugin = pathlib.Path(self.scratch.name) / f"{kind}-{fault}" / "broken.so"
        plugin.parent.mkdir(exist_ok=True)
        subprocess.run(["cc", "-w", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread",
                        f"-DFAULT={fault}", f"-D{kind.upper()}", "-I", TOP / "sdk/include",
                        "-o", plugin, TOP / "tests/conformance/broken.c"], check=True)
        return plugin

    def findings(self, plugin, *flags):
        answer = subprocess.run([TESTER, plugin, "--json", *flags], capture_output=True, text=True,
                                timeout=240)
        result = json.loads(answer.stdout)
        found = {finding["rule"] for test in result["tests"] for finding in test["findings"]
                 if finding["weight"] == "finding"}
        self.assertEqual(answer.returncode, 1 if found else 0, answer.stderr)
        return found

    def test_a_good_plugin_of_each_kind_passes(self):
        for kind in ("metric", "check", "output"):
            with self.subTest(kind=kind):
                self.assertEqual(self.findings(self.build("none", kind)), set())

    def test_each_fault_is_named(self):
        faults = {fault: planted for fault, planted in FAULTS.items()
                  if not (SANITIZED and fault in NEEDS_PLAIN_HEAP)}
        with ThreadPoolExecutor(4) as pool:
            plugins = {fault: self.build(fault, kind) for fault, (kind, _) in faults.items()}
            found = dict(zip(faults, pool.map(lambda fault: self.findings(plugins[fault]), faults)))
        for fault, (_, rule) in faults.items():
            with self.subTest(fault=fault):
                self.assertIn(rule, found[fault])

    def test_a_call_that_ends_too_late_is_named(self):
        for fault, (kind, rule, only) in SLOW.items():
            with self.subTest(fault=fault):
                self.assertIn(rule, self.findings(self.build(fault, kind), "--only", only))

    def test_a_call_that_never_ends_is_named_after_the_patience(self):
        plugin = self.build("hangs", "metric")
        found = self.findings(plugin, "--only", "lifetime/one-life", "--patience", "3")
        self.assertEqual(found, {"lifetime/crash"})


class CommandLine(unittest.TestCase):
    def test_usage_ends_with_2(self):
        for words, said in [([], "expected the FILE of a plugin"),
                            (["x.so", "--only", "nothing"], "--only: no group or test nothing"),
                            (["x.so", "--allow", "all"], "--allow: no rule all"),
                            (["x.so", "--seed", "x"], '--seed: expected a number, got "x"'),
                            (["x.so", "-o", "x"], '-o: expected KEY=VALUE, got "x"'),
                            (["x.so", "--frob"], "unknown flag --frob")]:
            with self.subTest(words=words):
                answer = subprocess.run([TESTER, *words], capture_output=True, text=True, timeout=60)
                self.assertEqual(answer.returncode, 2)
                self.assertIn(said, answer.stderr)

    def test_a_file_that_is_no_plugin_is_a_finding(self):
        answer = subprocess.run([TESTER, "/nowhere.so"], capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("finding: file/refused: /nowhere.so: does not exist", answer.stdout)


if __name__ == "__main__":
    unittest.main()
