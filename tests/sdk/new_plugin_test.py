"""What `shoal plugin new` makes builds, passes its own test and is a plugin, for each language and
kind, and the commands it prints work when they are pasted."""

import os
import unittest

from sdk_case import SdkCase

KINDS = ("metric", "check", "output")


class NewPlugin(SdkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["PATH"] = f"{cls.prefix / 'bin'}:{cls.env['PATH']}"
        cls.env["CFLAGS"] = "-Wall -Wextra -Wpedantic -Werror"
        cls.env["CXXFLAGS"] = "-std=c++17 -Wall -Wextra -Wpedantic -Werror"

    def new(self, *words, code=0):
        return self.run_in(self.folder, self.shoal, "plugin", "new", *words, code=code)

    def made(self, kind, language, name):
        """The folder of a new plugin, after the first of the commands that were printed."""
        said = self.new(kind, name, "--lang", language)
        commands = [line.strip() for line in said.splitlines() if line.startswith("  ")]
        self.run_in(self.folder, "sh", "-ec", commands[0])
        return self.folder / name

    def assert_complete(self, folder):
        for file in ("README.md", f"{folder.name}.conf"):
            self.assertNotRegex((folder / file).read_text(), r"@[A-Z]+@")
        self.assertTrue(list((folder / "testdata").iterdir()), "no recorded data")
        for path in folder.rglob("*"):
            self.assertFalse(path.stat().st_mode & 0o022, f"{path} can be written by others")

    def test_in_c_and_cpp(self):
        for language in ("c", "c++"):
            for kind in KINDS:
                with self.subTest(language=language, kind=kind):
                    name = f"{language[0] * len(language)}_{kind}"
                    folder = self.made(kind, language, name)
                    self.assert_complete(folder)
                    self.assert_plugin(folder / f"{name}.so", name)

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
                 '--lang: expected c or c++, found "cobol"'),
                (("metric", "x"), '--lang: expected c or c++, found ""')):
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
    unittest.main()
