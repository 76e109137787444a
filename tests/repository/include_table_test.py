"""Which folder may include what. The tables are the rule; docs/decisions/0006 says why."""

import re
import unittest
from pathlib import PurePosixPath

import tree

# A folder of core/ and the other folders of core/ it may include.
MAY_INCLUDE = {
    "base": "",
    "store": "base",
    "record": "base",
    "config": "base",
    "control": "base",
    "plugin": "base store record config",
    "schedule": "base config",
    "alert": "base store record config",
    "route": "base record config",
    "run": "base record config plugin",
    "queue": "base store record",
    "history": "base store record",
    "deliver": "base record config plugin queue",
    "agent": "base store record config control plugin schedule alert route run queue history deliver",
    "plugin_host": "base record plugin",
    "conformance": "base record plugin",
}
MAY_INCLUDE_SDK = {"plugin", "plugin_host", "agent", "conformance"}

# A library, by how its headers are included, and its homes. "*": every folder of core/.
HOMES = {
    r"Poco/": "agent control plugin",
    r"openssl/": "plugin plugins",
    r"boost/": "plugin",
    r"nlohmann/": "record plugin run control agent conformance plugins",
    r"fmt/": "*",
    r"spdlog/": "base",
    r"toml\+\+/": "config",
    r"sqlite3\.h": "store",
    r"re2/": "base plugins",
    r"doctest/": "tests",
    r"benchmark/": "tests",
}
# Headers of our own show no library to those who include them, but for these.
SHOWN_IN = {
    "fmt/core.h": lambda path: str(path) in ("core/base/log.h", "core/conformance/trial.h"),
    "nlohmann/json_fwd.hpp": lambda path: path.parts[1] in HOMES[r"nlohmann/"].split(),
}

STANDARD_HEADER = re.compile(r"[a-z_0-9]+")
SYSTEM_HEADER = re.compile(r"((sys|linux|net|netinet|netpacket|arpa|asm)/)?[a-z_0-9]+\.h")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def faults_of(path, text):
    """What is wrong with the includes of a file of core/ or plugins/: one sentence each."""
    judge = fault_in_core if path.parts[0] == "core" else fault_in_plugin
    for match in INCLUDE.finditer(text):
        quote, header = match.groups()
        fault = judge(path, header) if quote == '"' else fault_of_library(path, header)
        if fault:
            line = text.count("\n", 0, match.start(2)) + 1
            yield f"{path}:{line}: includes {header}: {fault}"


def fault_in_core(path, header):
    folder = path.parts[1]
    if folder not in MAY_INCLUDE:
        return f"core/{folder} is not in the table"
    target, _, rest = header.partition("/")
    if not rest:
        return "a header of ours is named with its folder"
    if target == folder or target in MAY_INCLUDE[folder].split():
        return None
    return f"{folder} may include only: {MAY_INCLUDE[folder] or 'nothing of ours'}"


def fault_in_plugin(path, header):
    if PurePosixPath(header).parts[0] == "common" or (tree.TOP / path.parent / header).exists():
        return None
    if is_test(path) and header.startswith("support/"):
        return None
    return "a plugin may include only its own folder, plugins/common and the SDK"


def fault_of_library(path, header):
    folder = path.parts[1] if path.parts[0] == "core" else "plugins"
    if header.startswith("shoal/"):
        if folder == "plugins" or folder in MAY_INCLUDE_SDK:
            return None
        return "the SDK is for " + ", ".join(sorted(MAY_INCLUDE_SDK)) + " and plugins"
    for pattern, homes in HOMES.items():
        if re.match(pattern, header):
            return fault_of_home(path, header, folder, homes.split())
    if STANDARD_HEADER.fullmatch(header) or SYSTEM_HEADER.fullmatch(header):
        return None
    if folder == "plugins" and header.split("/")[0] in readme_of(path):
        return None
    return "an unknown library: give it a home in the table (a plugin's own: name it in its README)"


def fault_of_home(path, header, folder, homes):
    if is_test(path) and "tests" in homes:
        return None
    if homes != ["*"] and folder not in homes:
        return "this library's homes are: " + ", ".join(homes)
    if path.parts[0] == "core" and path.suffix == ".h":
        if not (header in SHOWN_IN and SHOWN_IN[header](path)):
            return "our headers show no library"
    return None


def is_test(path):
    return path.stem.endswith("_test")


def readme_of(path):
    readme = tree.TOP / path.parent / "README.md"
    return readme.read_text(encoding="utf-8") if readme.exists() else ""


class TheTree(unittest.TestCase):
    def test_includes_only_what_the_tables_allow(self):
        faults = [
            fault
            for path in tree.sources_under("core", "plugins")
            for fault in faults_of(path, tree.read(path))
        ]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_has_no_folder_that_the_table_does_not_know(self):
        folders = {path.parts[1] for path in tree.sources_under("core")}
        self.assertLessEqual(folders, set(MAY_INCLUDE))


class TheTables(unittest.TestCase):
    def test_never_lead_back(self):
        for folder, others in MAY_INCLUDE.items():
            for other in others.split():
                self.assertNotIn(folder, MAY_INCLUDE[other].split(), f"{folder} and {other}")

    def test_judge_each_include(self):
        for path, include, expected in [
            ("core/queue/queue.cpp", '"store/database.h"', None),
            ("core/queue/queue.cpp", '"queue/queue.h"', None),
            ("core/queue/queue.cpp", '"deliver/worker.h"', "queue may include only: base store record"),
            ("core/base/clock.cpp", '"record/record.h"', "base may include only: nothing of ours"),
            ("core/queue/queue.cpp", '"queue.h"', "a header of ours is named with its folder"),
            ("core/util/x.cpp", '"base/clock.h"', "core/util is not in the table"),
            ("core/agent/main.cpp", '"plugin_host/frames.h"', "agent may include only"),
            ("core/queue/queue.cpp", "<vector>", None),
            ("core/queue/queue.cpp", "<sys/stat.h>", None),
            ("core/queue/queue.cpp", "<sqlite3.h>", "this library's homes are: store"),
            ("core/queue/queue.cpp", "<shoal/plugin.h>", "the SDK is for agent, conformance, plugin, plugin_host"),
            ("core/run/exec_output.cpp", "<nlohmann/json.hpp>", None),
            ("core/run/exec_output.h", "<nlohmann/json.hpp>", "our headers show no library"),
            ("core/run/exec_output.h", "<nlohmann/json_fwd.hpp>", None),
            ("core/queue/queue.h", "<nlohmann/json_fwd.hpp>", "this library's homes are"),
            ("core/base/log.h", "<fmt/core.h>", None),
            ("core/base/clock.h", "<fmt/core.h>", "our headers show no library"),
            ("core/queue/queue.cpp", "<fmt/format.h>", None),
            ("core/plugin/http.cpp", "<hiredis/hiredis.h>", "an unknown library"),
            ("plugins/metric/cpu/cpu.cpp", "<shoal/plugin.hpp>", None),
            ("plugins/metric/cpu/cpu.cpp", '"common/procfs.h"', None),
            ("plugins/metric/cpu/cpu.cpp", '"base/clock.h"', "a plugin may include only"),
            ("plugins/metric/cpu/cpu.cpp", "<doctest/doctest.h>", "this library's homes are: tests"),
            ("plugins/metric/cpu/cpu_test.cpp", "<doctest/doctest.h>", None),
            ("plugins/metric/cpu/cpu_test.cpp", '"queue/queue.h"', "a plugin may include only"),
        ]:
            with self.subTest(path=path, include=include):
                faults = list(faults_of(PurePosixPath(path), f"\n#include {include}\n"))
                if expected is None:
                    self.assertEqual(faults, [])
                else:
                    header = include.strip('<>"')
                    self.assertEqual(len(faults), 1)
                    self.assertIn(f"{path}:2: includes {header}: {expected}", faults[0])


if __name__ == "__main__":
    unittest.main()
