#!/usr/bin/env python3
"""The headers against what is kept of ABI 1.0 here: what would break a plugin that was built with it
is found, and what 1.x may do passes. abidiff compares with the kept description, and would let a
member of a growable struct change its type; layout.c would not.

    abi_test.py CC KEPT INCLUDE        the test
    abi_test.py --describe CC INCLUDE  prints the description of the present headers
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def build(cc, include, target):
    subprocess.run([*cc.split(), "-g", "-O0", "-shared", "-fPIC", "-I", include, "-o", target,
                    HERE / "surface.c"], check=True)


def describe(cc, include, folder):
    """What the compiler made of the headers in `include`, as XML."""
    library = folder / "surface.so"
    build(cc, include, library)
    return subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path",
                           "--no-show-locs", library], check=True,
                          capture_output=True, text=True).stdout


class Headers(unittest.TestCase):
    cc = "cc"
    kept = None
    include = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def difference(self, change=None):
        """What abidiff and layout.c say about the headers after a change: file, text before, text after."""
        include = self.folder / "include"
        shutil.copytree(self.include, include)
        if change:
            name, before, after = change
            header = include / "shoal" / name
            text = header.read_text()
            self.assertEqual(text.count(before), 1, before)
            header.write_text(text.replace(before, after))
        library = self.folder / "surface.so"
        build(self.cc, include, library)
        moved = subprocess.run([*self.cc.split(), "-fsyntax-only", "-I", include, HERE / "layout.c"],
                               capture_output=True, text=True).stderr
        answer = subprocess.run(["abidiff", "--suppressions", HERE / "growable.suppr", self.kept,
                                 library], capture_output=True, text=True)
        self.assertEqual(answer.returncode & 3, 0, answer.stderr)
        return moved + (answer.stdout if answer.returncode else "")

    def test_are_what_was_promised(self):
        self.assertEqual(self.difference(), "")

    def test_may_grow_at_the_end_of_a_struct_with_a_size(self):
        for change in [
            ("types.h", "} shoal_call;", "  uint64_t later;\n} shoal_call;"),
            ("plugin.h", "} shoal_series;", "  shoal_text later;\n} shoal_series;"),
            ("plugin.h", "} shoal_host;", "  void(SHOAL_CALL* later)(void);\n} shoal_host;"),
            ("records.h", "} shoal_event;", "  double later;\n} shoal_event;"),
            ("services.h", "} shoal_http;", "  void(SHOAL_CALL* later)(void);\n} shoal_http;"),
        ]:
            with self.subTest(change=change):
                self.setUp()
                self.assertEqual(self.difference(change), "")

    def test_may_not_change_otherwise(self):
        for change in [
            ("types.h", "  int64_t scheduled_ns; ", "  int64_t inserted; int64_t scheduled_ns; "),
            ("types.h", "} shoal_point;", "  uint64_t later;\n} shoal_point;"),
            ("types.h", "} shoal_text;", "  uint64_t later;\n} shoal_text;"),
            ("plugin.h", "  uint32_t status;    /*", "  uint64_t status;    /*"),
            ("plugin.h", "  shoal_status(SHOAL_CALL* collect)(shoal_instance* instance, const shoal_call* call);",
             "  shoal_status(SHOAL_CALL* collect)(shoal_instance* instance, const shoal_call* call, int more);"),
            ("plugin.h", "  const shoal_check* check;\n  const shoal_output* output;",
             "  const shoal_output* output;\n  const shoal_check* check;"),
        ]:
            with self.subTest(change=change):
                self.setUp()
                self.assertNotEqual(self.difference(change), "")


if __name__ == "__main__":
    if sys.argv[1] == "--describe":
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(describe(sys.argv[2], sys.argv[3], pathlib.Path(folder)))
    else:
        Headers.cc, Headers.kept, Headers.include = sys.argv[1:4]
        unittest.main(argv=sys.argv[:1])
