"""What the documents name exists: files, links, scripts and their flags, commands of shoal and
theirs, and the README's configuration is one that the agent takes.

documents_test.py [SHOAL PLUGIN_DIR]: the agent as built; without it, its commands are not looked at.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

import tree

SHOAL, PLUGIN_DIR = (os.path.abspath(word) for word in sys.argv[1:3])

OUR_FOLDERS = ("core", "plugins", "sdk", "scripts", "tests", "docs", "conf.d", ".ci")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FLAG = re.compile(r"--?[a-z][a-z-]+")
PLACEHOLDER = re.compile(r"\b[A-Z]{2,}\b(?!\.md)|\.\.\.|…")


def documents():
    """All but the templates of documents: tests/sdk looks at what becomes of them."""
    yield from sorted(tree.TOP.glob("*.md"))
    for folder in ("docs", "plugins", "sdk/examples", "tests", "scripts"):
        yield from sorted((tree.TOP / folder).rglob("*.md"))


def without_fences(text):
    return FENCE.sub("", text)


def paths_in(text):
    """The paths of our tree that are named in code, those with placeholders left out."""
    for code in CODE.findall(without_fences(text)):
        for word in code.split():
            if word.split("/")[0] in OUR_FOLDERS and "/" in word and not PLACEHOLDER.search(word):
                yield word.rstrip(",:")


def commands_in(text):
    """The command lines in shell blocks and in code, as lists of words."""
    lines = [code for code in CODE.findall(without_fences(text))]
    for language, block in FENCE.findall(text):
        if language in ("sh", "console"):
            lines += [line.removeprefix("$ ") for line in block.splitlines()]
    for line in lines:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            continue
        words = words[1:] if words[:1] == ["sudo"] else words
        if words:
            yield words


def help_of(words):
    answer = subprocess.run(words, capture_output=True, text=True, timeout=20,
                            stdin=subprocess.DEVNULL, cwd=tree.TOP)
    return answer.stdout if answer.returncode == 0 else None


def flags_in(words):
    return {word.split("=")[0].lstrip("-") for word in words if FLAG.match(word)}


def missing_flags(words, text):
    known = {flag.lstrip("-") for flag in FLAG.findall(text)}
    return flags_in(words) - known - {"h", "help"}


# What is wrong with a document: one sentence each.


def link_faults(document, text):
    for link in LINK.findall(text):
        if not (document.parent / link).exists():
            yield f"links to {link}, which does not exist"


def path_faults(_, text):
    for path in paths_in(text):
        if not any(tree.TOP.glob(path)):
            yield f"names {path}, which does not exist"


def script_faults(_, text):
    for words in commands_in(text):
        if words[0].startswith("scripts/") and not words[0].endswith("/"):
            yield from command_faults(words, [tree.TOP / words[0], "-h"])


def shoal_faults(_, text):
    for words in commands_in(text):
        if pathlib.PurePath(words[0]).name == "shoal":
            operands = [word for word in words[1:] if not word.startswith("-")]
            command = operands[:2 if operands[:1] in (["plugin"], ["crash"]) else 1]
            yield from command_faults(words, [SHOAL, *command, "--help"])


def command_faults(words, ask_for_help):
    shown = help_of(ask_for_help) if os.access(ask_for_help[0], os.X_OK) else None
    if shown is None:
        yield f"shows \"{' '.join(words)}\", which cannot be run"
    elif missing_flags(words[1:], shown):
        yield f"shows \"{' '.join(words)}\", which has no {missing_flags(words[1:], shown)}"


class Documents(unittest.TestCase):
    def expect_none_of(self, faults_of):
        faults = [
            f"{document.relative_to(tree.TOP)} {fault}"
            for document in documents()
            for fault in faults_of(document, document.read_text(encoding="utf-8"))
        ]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_link_to_files_that_exist(self):
        self.expect_none_of(link_faults)

    def test_name_files_that_exist(self):
        self.expect_none_of(path_faults)

    def test_show_scripts_with_flags_that_exist(self):
        self.expect_none_of(script_faults)

    @unittest.skipUnless(SHOAL, "the agent is not built")
    def test_show_commands_of_shoal_with_flags_that_exist(self):
        self.expect_none_of(shoal_faults)


class Readme(unittest.TestCase):
    @unittest.skipUnless(SHOAL, "the agent is not built")
    def test_shows_a_configuration_that_works(self):
        blocks = [block for language, block in FENCE.findall(tree.read("README.md"))
                  if language == "toml"]
        self.assertTrue(blocks, "README.md shows no configuration")
        for block in blocks:
            with tempfile.TemporaryDirectory() as folder:
                conf = pathlib.Path(folder) / "shoal.conf"
                conf.write_text(block, encoding="utf-8")
                answer = subprocess.run(
                    [SHOAL, "configtest", "--conf", conf, "--root", folder,
                     "--plugin-dir", PLUGIN_DIR],
                    capture_output=True, text=True, timeout=20, cwd=folder)
                self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
