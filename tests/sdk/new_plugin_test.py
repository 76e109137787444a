"""What `shoal plugin new` makes builds, passes its own test and is a plugin, for each language and
kind, and the commands it prints work when they are pasted.

new_plugin_test.py [--rustc RUSTC] [--go GO --go-cache DIR]: without a compiler, its language is left out.
"""

import argparse
import json
import os
import pathlib
import sys
import unittest

from sdk_case import SdkCase

KINDS = ("metric", "check", "output")
# What a first run says of each.
SAID = {"metric": r"try_metric\.open +\d+ +integer", "check": r"OK: .* files are open",
        "output": r"sample:\S+ +delivered"}
tools = argparse.ArgumentParser()
for tool in ("--rustc", "--go", "--go-cache"):
    tools.add_argument(tool, default="")
TOOLS = tools.parse_args()


class NewPlugin(SdkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["PATH"] = f"{cls.prefix / 'bin'}:{cls.env['PATH']}"
        cls.env |= {"RUSTC": TOOLS.rustc, "GOCACHE": TOOLS.go_cache,
                    "GOPATH": TOOLS.go_cache + "/path", "GOPROXY": "off"}
        if TOOLS.go:
            cls.env["PATH"] += f":{pathlib.Path(TOOLS.go).parent}"
        cls.env["CFLAGS"] = "-Wall -Wextra -Wpedantic -Werror"
        cls.env["CXXFLAGS"] = "-std=c++17 -Wall -Wextra -Wpedantic -Werror"

    def new(self, *words, code=0):
        return self.run_in(self.folder, self.shoal, "plugin", "new", *words, code=code)

    def made(self, kind, language, name):
        """The folder of a new plugin, and what the commands say that were printed with it."""
        said = self.new(kind, name, "--lang", language)
        commands = [line.strip() for line in said.splitlines() if line.startswith("  ")]
        self.assertEqual(len(commands), 3, said)
        return self.folder / name, self.run_in(self.folder, "sh", "-ec", "\n".join(commands))

    def assert_complete(self, folder):
        for file in ("README.md", f"{folder.name}.conf"):
            self.assertNotRegex((folder / file).read_text(), r"@[A-Z]+@")
        self.assertTrue(list((folder / "testdata").iterdir()), "no recorded data")
        for path in folder.rglob("*"):
            self.assertFalse(path.stat().st_mode & 0o022, f"{path} can be written by others")

    def assert_makes_plugins(self, language):
        """The folder of each kind."""
        folders = {}
        for kind in KINDS:
            folders[kind], said = self.made(kind, language, f"try_{kind}")
            self.assert_complete(folders[kind])
            self.assertRegex(said, r"[1-9]\d* passed, 0 failed")
            self.assertRegex(said, SAID[kind])
        return folders

    def assert_makes_shared_objects(self, language):
        for folder in self.assert_makes_plugins(language).values():
            self.assert_plugin(folder / f"{folder.name}.so", folder.name)

    def assert_makes_programs(self, language):
        for kind, folder in self.assert_makes_plugins(language).items():
            self.assertTrue(os.access(folder / folder.name, os.X_OK))
            manifest = json.loads((folder / f"{folder.name}.shoal.json").read_text())
            self.assertEqual((manifest["id"], manifest["kind"], manifest["wire"]),
                             (folder.name, kind, 1))
            self.assertEqual([manifest["abi"]], self.pkg_config("--modversion"))

    def test_in_c(self):
        self.assert_makes_shared_objects("c")

    def test_in_cpp(self):
        self.assert_makes_shared_objects("c++")

    @unittest.skipUnless(TOOLS.rustc, "there is no Rust compiler")
    def test_in_rust(self):
        self.assert_makes_shared_objects("rust")

    @unittest.skipUnless(TOOLS.go, "there is no Go compiler")
    def test_in_go(self):
        self.assert_makes_programs("go")

    def test_in_python(self):
        self.assert_makes_programs("python")

    def test_overwrites_nothing(self):
        (self.folder / "mine").mkdir()
        self.assertEqual(self.new("metric", "mine", "--lang", "c", code=1),
                         "shoal: mine: exists; --dir names another folder\n")
        self.assertEqual(os.listdir(self.folder / "mine"), [])
        self.new("metric", "mine", "--lang", "c", "--dir", "other/folder")
        self.assertTrue((self.folder / "other/folder/mine.conf").exists())

    def test_says_what_it_cannot_make(self):
        for words, reason in (
                (("gauge", "x", "--lang", "c"),
                 'KIND: expected metric, check or output, found "gauge"'),
                (("metric", "My-Plugin", "--lang", "c"),
                 'NAME: expected 1 to 64 of a-z, 0-9 and _, found "My-Plugin"'),
                (("metric", "../x", "--lang", "c"),
                 'NAME: expected 1 to 64 of a-z, 0-9 and _, found "../x"'),
                (("metric", "testdata", "--lang", "c"),
                 "NAME: testdata is taken by a folder of its own"),
                (("metric", "x", "--lang", "cobol"),
                 '--lang: expected c, c++, rust, go or python, found "cobol"'),
                (("metric", "x"), '--lang: expected c, c++, rust, go or python, found ""')):
            self.assertEqual(self.new(*words, code=2), f"shoal: shoal plugin new: {reason}\n")
        self.assertEqual(os.listdir(self.folder), [])

    def test_without_the_sdk(self):
        alone = self.folder / "bin/shoal"
        alone.parent.mkdir()
        alone.write_bytes(self.shoal.read_bytes())
        alone.chmod(0o755)
        said = self.run_in(self.folder, alone, "plugin", "new", "metric", "x", "--lang", "c", code=1)
        self.assertEqual(said, f"shoal: no templates in {self.folder}/share/shoal/templates: the SDK is "
                               "not installed with this program\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
