"""Plain facts about our sources that no formatter sees. Long files are told, not refused."""

import re
import unittest

import tree

FOLDERS = ("core", "plugins", "sdk", "tests")
LONG = 400
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?! #\d+)")


def faults_of(path, text):
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield f"{path}: does not end in one newline"
    if path.suffix in (".h", ".hpp"):
        if not text.startswith(("//", "/*")):
            yield f"{path}: does not open with what it is"
        if "#pragma once" not in text and "#ifndef" not in text:
            yield f"{path}: may be included twice"
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            yield f"{path}:{number}: has a tab"
        if UNFINISHED.search(line):
            yield f"{path}:{number}: is marked unfinished without an issue's number"


class Sources(unittest.TestCase):
    def test_hold_the_plain_facts(self):
        faults = []
        for path in tree.sources_under(*FOLDERS):
            text = tree.read(path)
            faults += faults_of(path, text)
            if text.count("\n") > LONG:
                print(f"note: {path} has {text.count(chr(10))} lines: does it hold two things?")
        self.assertEqual(faults, [], "\n" + "\n".join(faults))


if __name__ == "__main__":
    unittest.main()
