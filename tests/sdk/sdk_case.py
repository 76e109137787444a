"""What the tests of the SDK share: an author's machine, with shoal installed and our tree out of
sight.

The build directory comes from SHOAL_BUILD_DIR.
"""

import json
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD_DIR = pathlib.Path(os.environ["SHOAL_BUILD_DIR"])
# pkg-config for an SDK that is not where it says it is.
PKG_CONFIG = '#!/bin/sh\nexec pkg-config --define-prefix "$@"\n'


def install(into):
    """Installs shoal with all that belongs to it into the folder; the prefix."""
    subprocess.run(["meson", "install", "-C", BUILD_DIR, "--no-rebuild", "--quiet", "--destdir", into],
                   check=True, capture_output=True)
    return next(into.rglob("share/pkgconfig")).parents[1]


class SdkCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = pathlib.Path(tempfile.mkdtemp(prefix="shoal-sdk-"))
        cls.addClassCleanup(shutil.rmtree, cls.machine, ignore_errors=True)
        cls.prefix = install(cls.machine / "root")
        cls.shoal = cls.prefix / "bin/shoal"
        pkg_config = cls.machine / "pkg-config"
        pkg_config.write_text(PKG_CONFIG)
        pkg_config.chmod(pkg_config.stat().st_mode | stat.S_IXUSR)
        cls.env = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(cls.machine / "home"),
            "PKG_CONFIG": str(pkg_config),
            "PKG_CONFIG_PATH": str(cls.prefix / "share/pkgconfig"),
        }

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.machine))

    def run_in(self, folder, *words, code=0):
        """A command as the author types it, which must end with that exit code; what it printed."""
        answer = subprocess.run([*map(str, words)], cwd=folder, env=self.env, capture_output=True,
                                text=True, timeout=120, stdin=subprocess.DEVNULL)
        said = answer.stdout + answer.stderr
        self.assertEqual(answer.returncode, code, f"{' '.join(map(str, words))}:\n{said}")
        return said

    def pkg_config(self, *flags):
        return self.run_in(self.folder, self.env["PKG_CONFIG"], *flags, "shoal-sdk").split()

    def info(self, plugin):
        """The manifest, as shoal reads it."""
        return json.loads(self.run_in(plugin.parent, self.shoal, "plugin", "info", "--json",
                                      "--root", self.folder, f"./{plugin.name}"))

    def assert_plugin(self, plugin, name):
        """The file is a plugin of that name, and a clean one: one symbol to bind to, none unique."""
        self.assertEqual(self.info(plugin)["id"], name)
        exported = self.run_in(plugin.parent, "nm", "--dynamic", "--defined-only", "--format=posix",
                               plugin)
        self.assertEqual([line.split()[0] for line in exported.splitlines()], ["shoal_module_v1"])
        self.assertNotIn("UNIQUE", self.run_in(plugin.parent, "readelf", "-sW", plugin))
        self.assertRegex(self.run_in(plugin.parent, "readelf", "-dW", plugin), r"FLAGS.*\bNOW\b")
