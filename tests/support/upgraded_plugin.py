"""A plugin of which there are as many versions as a test wants, made without a compiler for each."""

import os
import pathlib
import tempfile

from running_agent import compile_plugin

CRASHES, REFUSES = 666666, 555555


class UpgradedPlugin:
    """metric/upgraded.so in a plugin directory, each version copied or renamed over the last."""

    def __init__(self, plugin_dir):
        self.file = pathlib.Path(plugin_dir) / "metric/upgraded.so"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            compile_plugin(pathlib.Path(__file__).with_name("upgraded.c"), f"{folder}/first.so")
            self.first = pathlib.Path(folder, "first.so").read_bytes()
        self.copy(1)

    def bytes_of(self, build):
        number = f"{build:06}".encode()
        return self.first.replace(b"build 100000", b"build " + number).replace(
            b"1.0.100000", b"1.0." + number)

    def copy(self, build):
        self.file.write_bytes(self.bytes_of(build))

    def rename(self, build):
        draft = self.file.with_suffix(".draft")
        draft.write_bytes(self.bytes_of(build))
        os.rename(draft, self.file)
