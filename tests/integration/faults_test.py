"""The conformance tester finds the fault in each plugin of tests/faults/, and none in the sound ones.

The faults were planted from the SDK's headers alone; tests/faults/faults.json says which rule each
breaks, and which of them the tester may still miss. Run by hand with names of plugins to try only
those.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD_DIR = pathlib.Path(os.environ.get("SHOAL_BUILD_DIR", TOP / "build"))
SHOAL = BUILD_DIR / "core/agent/shoal"
FAULTS = TOP / "tests/faults"
TABLE = json.loads((FAULTS / "faults.json").read_text())
# A plugin that dawdles does so in each of the tester's tests: once something is found, that is enough.
GLANCE, PATIENCE = 2, 300


def plugin_of(row):
    return pathlib.Path(row["file"]).stem


def wanted(rows):
    names = sys.argv[1:]
    return [row for row in rows if not names or plugin_of(row) in names]


def try_out(row):
    """The tester's exit code, what it said, and the seconds that it took."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        tester = subprocess.Popen(
            [SHOAL, "plugin", "test", BUILD_DIR / f"tests/faults/{plugin_of(row)}.so"],
            stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        code = None
        while code is None:
            try:
                code = tester.wait(GLANCE)
            except subprocess.TimeoutExpired:
                code = end_early(tester, text_of(said), time.monotonic() - began)
        return code, text_of(said), time.monotonic() - began


def end_early(tester, words, seconds):
    """1 if it has found something, "no end" if it never will; None while it deserves more time."""
    if not finding(words) and seconds < PATIENCE:
        return None
    tester.terminate()
    tester.wait()
    return 1 if finding(words) else "no end"


def text_of(file):
    # Without moving where the tester writes.
    return os.pread(file.fileno(), 1 << 24, 0).decode(errors="replace")


def finding(words):
    """The line by which a reader of the table sees what the tester found."""
    for line in words.splitlines():
        if line.lstrip().startswith("finding:"):
            return line.split(":", 1)[1].strip()[:120]
    return ""


class Tester(unittest.TestCase):
    def setUp(self):
        if os.environ.get("SHOAL_SANITIZERS", "none") != "none":
            self.skipTest("a sanitizer ends a process in its own way")

    def judge(self, rows, expected):
        """Prints the table of results; the rows that came out otherwise, with what was said."""
        wrong = {}
        with ThreadPoolExecutor(4) as pool:
            for row, (code, words, seconds) in zip(rows, pool.map(try_out, rows)):
                name = plugin_of(row)
                print(f"{'ok  ' if code == expected else 'MISS'} {seconds:5.1f} s {name:28} "
                      f"{finding(words)}", flush=True)
                if code != expected:
                    wrong[name] = f"exit {code}: {row}\n{words}"
        print(f"{len(rows) - len(wrong)} of {len(rows)}", flush=True)
        return wrong

    def test_finds_each_planted_fault(self):
        rows = wanted(TABLE["faults"])
        missed = self.judge(rows, 1)
        for name in missed.keys() - set(TABLE["not_yet_found"]):
            with self.subTest(plugin=name):
                self.fail(missed[name])
        tried = {plugin_of(row) for row in rows}
        for name in tried & set(TABLE["not_yet_found"]) - missed.keys():
            print(f"note: {name} is found now: take it out of not_yet_found")

    def test_passes_the_sound_plugins(self):
        wrong = self.judge(wanted(TABLE["sound"]), 0)
        self.assertEqual(wrong, {}, "\n".join(wrong.values()))


class Table(unittest.TestCase):
    def test_names_every_source(self):
        sources = {str(file.relative_to(FAULTS)) for folder in ("metric", "check", "output", "sound")
                   for file in (FAULTS / folder).iterdir()}
        listed = [row["file"] for row in TABLE["faults"] + TABLE["sound"]]
        self.assertEqual(sorted(listed), sorted(sources))

    def test_says_of_each_fault_which_rule_it_breaks_and_where_it_stands(self):
        for row in TABLE["faults"]:
            with self.subTest(file=row["file"]):
                self.assertTrue(row["fault"] and row["rule"] and row["place"])
                self.assertTrue((TOP / "sdk/include/shoal" / row["header"]).is_file())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
