"""The count that scripts/test and CI end with."""

import json
import subprocess
import sys
import tempfile
import unittest

import tree

COUNT = tree.TOP / "scripts/test.d/count-results"


def count(*results):
    """The last line and the exit code for tests that ended so."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
        for result in results:
            log.write(json.dumps({"name": "one", "result": result}) + "\n")
        log.flush()
        answer = subprocess.run([sys.executable, COUNT, log.name], capture_output=True, text=True)
    return answer.stdout.splitlines()[-1], answer.returncode


class CountResults(unittest.TestCase):
    def test_counts_what_passed(self):
        self.assertEqual(count("OK", "OK"), ("2 passed, 0 failed", 0))

    def test_fails_if_one_failed_timed_out_or_broke(self):
        for result in ("FAIL", "TIMEOUT", "ERROR", "INTERRUPT", "UNEXPECTEDPASS"):
            self.assertEqual(count("OK", result), ("1 passed, 1 failed", 1))

    def test_tells_what_was_skipped(self):
        self.assertEqual(count("OK", "SKIP"), ("1 passed, 0 failed, 1 skipped", 0))

    def test_fails_if_nothing_ran(self):
        self.assertEqual(count(), ("0 passed, 0 failed", 1))
        self.assertEqual(count("SKIP"), ("0 passed, 0 failed, 1 skipped", 1))

    def test_fails_without_a_log(self):
        answer = subprocess.run([sys.executable, COUNT, "/nonexistent"], capture_output=True)
        self.assertEqual(answer.returncode, 1)


if __name__ == "__main__":
    unittest.main()
