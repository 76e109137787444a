"""Each plugin's folder is complete, and its words agree with the manifest inside the built object.

plugin_folders_test.py MODULE.so...: the bundled plugins as built.
"""

import pathlib
import re
import sys
import tomllib
import unittest

import elf
import tree

KINDS = ("metric", "check", "output")
MODULES = [pathlib.Path(argument).resolve() for argument in sys.argv[1:]]


def folders():
    for kind in KINDS:
        for folder in sorted((tree.TOP / "plugins" / kind).glob("*/")):
            yield kind, folder


def documented():
    """Each built plugin's manifest, with the folder that tells about it."""
    for module in MODULES:
        yield elf.manifest_of(module), tree.TOP / "plugins" / module.parent.name / module.stem


def words_in_code(text):
    return set(re.findall(r"`([^`\n]+)`", text))


# "##" is for words; behind a single "#" stands what may be switched on, showing the default.
def switched_on(conf):
    return re.sub(r"(?m)^#(?!#) ?", "", conf)


class Folders(unittest.TestCase):
    def test_are_complete(self):
        for kind, folder in folders():
            with self.subTest(plugin=f"{kind}/{folder.name}"):
                name = folder.name
                for file in ("README.md", "meson.build", f"{name}.conf", f"{name}_test.cpp"):
                    self.assertTrue((folder / file).is_file(), f"{file} is missing")
                self.assertTrue(list(folder.glob(f"{name}.c*")), "the source is missing")
                self.assertTrue(any((folder / "testdata").glob("**/*")), "testdata is missing")

    def test_are_each_one_line_of_the_build(self):
        build = tree.read("plugins/meson.build")
        for kind, folder in folders():
            self.assertEqual(build.count(f"'{kind}/{folder.name}'"), 1, f"{kind}/{folder.name}")


class Manifests(unittest.TestCase):
    def test_name_the_plugin_as_its_file_and_folder_do(self):
        self.assertTrue(MODULES, "no built plugin was named on the command line")
        for module in MODULES:
            manifest = elf.manifest_of(module)
            self.assertEqual((manifest["id"], manifest["kind"]), (module.stem, module.parent.name))

    def test_agree_with_the_readme(self):
        for manifest, folder in documented():
            readme = (folder / "README.md").read_text()
            named = words_in_code(readme)
            with self.subTest(plugin=manifest["id"]):
                self.assertEqual(readme.splitlines()[0], f"# {manifest['id']}")
                self.assertIn("## When it fails", readme)
                self.assertLessEqual(set(manifest.get("options", {})), named)
                self.assertLessEqual({one["name"] for one in manifest.get("series", [])}, named)

    def test_agree_with_the_sample_configuration(self):
        for manifest, folder in documented():
            name = manifest["id"]
            conf = (folder / f"{name}.conf").read_text()
            with self.subTest(plugin=name):
                tomllib.loads(conf)
                section = section_of(tomllib.loads(switched_on(conf)), manifest)
                self.assertEqual(set(section.get("options", {})), set(manifest.get("options", {})))


def section_of(conf, manifest):
    """The section that configures the plugin: a host metric's by name, another's by "plugin"."""
    host_metrics = conf.get("host_metrics", {})
    if manifest.get("origin") == "host":
        return host_metrics[manifest["id"]]
    sections = conf["plugin"][manifest["kind"] + "s"].values()
    return next(section for section in sections if section["plugin"] == manifest["id"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
