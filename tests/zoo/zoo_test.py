"""Each animal of the zoo, kept inline in a process of its own, is as bad as the table says.

So a test or a soak that shows the agent alive beside the zoo has seen real crashes, not tame ones.
In the table, `plugin` of `kind` with `options` is one animal. `cause` is a pattern of what an operator
is told when it runs in a process of its own with `memory_limit`: null where it costs nobody anything.
`alone` is how a process ends that runs it inline: null where it depends on what lies in memory just
then, or is for the host to decide.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ZOO = pathlib.Path(os.environ.get("ZOO", HERE.parents[1] / "build/tests/zoo"))
TABLE = json.loads((HERE / "table.json").read_text())
KINDS = ("metric", "check", "output")
# What hangs is given up on after this long; what does not must not be, however busy the machine is.
HANGS, ENDS = 2, 60


def end_of(code):
    if code < 0:
        return f"signal {-code}"
    return {0: "lives", 9: "refused"}.get(code, f"exit {code}")


def how_it_ends(animal):
    """How a process ends that keeps this animal inline for six rounds, and what it said."""
    hangs = animal["alone"] == "hangs"
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/said", "w+b") as said:
        # Of its own group and session, so that nothing of it is left.
        keeper = subprocess.Popen(
            [ZOO / "zoo_keeper", animal["kind"], ZOO / animal["kind"] / f"{animal['plugin']}.so",
             json.dumps(animal.get("options", {})), "6"],
            cwd=folder, env={**os.environ, "TMPDIR": folder}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            end = end_of(keeper.wait(HANGS if hangs else ENDS))
        except subprocess.TimeoutExpired:
            end = "hangs"
        finally:
            try:
                os.killpg(keeper.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            keeper.wait()
        # A library may have exited before the end was told.
        said.seek(0)
        words = said.read().decode(errors="replace")
    if end == "lives" and not words.endswith("the end\n"):
        end = "exit 0"
    return end, words


class Zoo(unittest.TestCase):
    def test_table_and_folders_hold_the_same_animals(self):
        listed = {(animal["kind"], animal["plugin"]) for animal in TABLE}
        built = {(file.parent.name, file.stem) for kind in KINDS for file in (ZOO / kind).glob("*.so")}
        self.assertEqual(listed, built)
        self.assertEqual(len({animal["name"] for animal in TABLE}), len(TABLE))

    def test_each_source_says_which_rule_it_breaks(self):
        for source in sorted((HERE / "animals").iterdir()):
            with self.subTest(source=source.name):
                comment = source.read_text().split("*/")[0]
                self.assertLessEqual(comment.count("\n") + 1, 5)
                self.assertRegex(comment, r"(types|plugin|manifest)\.h|It does not die")

    def test_each_animal_ends_its_host_as_the_table_says(self):
        if os.environ.get("SHOAL_SANITIZERS", "none") != "none":
            self.skipTest("a sanitizer ends a process in its own way")
        with ThreadPoolExecutor(2) as pool:
            for animal, (end, words) in zip(TABLE, pool.map(how_it_ends, TABLE)):
                with self.subTest(animal=animal["name"]):
                    print(f"{animal['name']}: {end}", file=sys.stderr)
                    if animal["alone"] is not None:
                        self.assertRegex(end, f"^({animal['alone']})$", words)


if __name__ == "__main__":
    unittest.main()
