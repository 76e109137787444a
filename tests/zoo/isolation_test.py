"""Each animal of the zoo, kept in a process of its own as the agent does, is named with its cause.

`cause` in the table is a pattern of what an operator is told. An animal without one costs nobody
anything: none of its rounds fails, its process lives.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ZOO = pathlib.Path(os.environ.get("ZOO", HERE.parents[1] / "build/tests/zoo"))
TABLE = json.loads((HERE / "table.json").read_text())
PATIENCE = 120


# Enough for what it does to show; and for the harmless, not so many in a second that it adds up.
def rounds_of(animal):
    if animal["alone"] == "hangs":
        return 1
    return 3 if animal["cause"] is None else 6


def words_of_warden(animal):
    """What the warden tells of this animal, line by line."""
    with tempfile.TemporaryDirectory() as folder:
        warden = subprocess.run(
            [ZOO / "zoo_warden", animal["kind"], ZOO / animal["kind"] / f"{animal['plugin']}.so",
             json.dumps(animal.get("options", {})), animal.get("memory_limit", "256MB"),
             str(rounds_of(animal))],
            cwd=folder, env={**os.environ, "TMPDIR": folder}, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=PATIENCE)
    return warden.returncode, warden.stdout.decode(errors="replace"), warden.stderr.decode(errors="replace")


class Isolation(unittest.TestCase):
    def test_each_animal_is_named_with_its_cause(self):
        if os.environ.get("SHOAL_SANITIZERS", "none") != "none":
            self.skipTest("a sanitizer takes memory and signals from a plugin's process")
        with ThreadPoolExecutor(4) as pool:
            for animal, told in zip(TABLE, pool.map(words_of_warden, TABLE)):
                with self.subTest(animal=animal["name"]):
                    self.judge(animal, *told)

    def judge(self, animal, code, words, errors):
        print(f"--- {animal['name']}\n{words}", file=sys.stderr)
        self.assertEqual(code, 0, words + errors)
        self.assertTrue(words.endswith("the end\n"), words)
        if animal["cause"] is not None:
            self.assertTrue(re.search(animal["cause"], words), f"no {animal['cause']} in\n{words}")
            return
        failed = [line for line in words.splitlines()
                  if not re.match(r"(start|round|deliver|stop): ok: $|deaths: 0: $|dropped: |the end", line)]
        self.assertEqual(failed, [], words)


if __name__ == "__main__":
    unittest.main()
