"""Where the tree is and what is in it, for the tests about our own files."""

import pathlib

TOP = pathlib.Path(__file__).resolve().parents[2]
SOURCES = {".h", ".hpp", ".c", ".cpp"}


def sources_under(*folders):
    """Each source file under these folders of the tree, as a path relative to the tree."""
    for folder in folders:
        for path in sorted((TOP / folder).rglob("*")):
            if path.suffix in SOURCES:
                yield path.relative_to(TOP)


def read(path):
    return (TOP / path).read_text(encoding="utf-8")
