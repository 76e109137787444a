"""shoal_abi.rs repeats the headers: the same version, structs with the same members in the same order,
constants of the same value. Sizes are checked where it is compiled."""

import re
import unittest

from sdk_case import TOP

HEADERS = "".join((TOP / "sdk/include/shoal" / f"{name}.h").read_text()
                  for name in ("types", "plugin", "services", "records"))
RUST = (TOP / "sdk/templates/rust/any/shoal_abi.rs").read_text()


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)


def without_brackets(text):
    """What stands in parentheses left out, but for the names of functions: (SHOAL_CALL* name)(...)."""
    text = re.sub(r"\(SHOAL_CALL\*\s*(\w+)\)", r" \1", text)
    while "(" in text:
        text = re.sub(r"\([^()]*\)", "", text)
    return text


def c_structs():
    for name, body in re.findall(r"typedef struct shoal_(\w+) \{(.*?)\n\} shoal_\1;",
                                 without_comments(HEADERS), re.DOTALL):
        members = without_brackets(body).split(";")[:-1]
        yield name.replace("_", ""), [re.search(r"(\w+)$", member.strip())[1] for member in members]


def rust_structs():
    for name, body in re.findall(r"^    \d+ (\w+) \{(.*?)\}$", without_comments(RUST),
                                 re.DOTALL | re.MULTILINE):
        yield name.lower(), re.findall(r"(\w+):(?!:)", without_brackets(body))


class RustAbi(unittest.TestCase):
    def test_has_the_structs_of_the_headers(self):
        ours = dict(c_structs())
        self.assertGreaterEqual(len(ours), 30)
        self.assertEqual(dict(rust_structs()), ours)

    def test_has_the_constants_of_the_headers(self):
        ours = dict(re.findall(r"#define SHOAL_(\w+) \(?(-?\d+)u?\)?(?:\s|$)", HEADERS))
        theirs = dict(re.findall(r"pub const (\w+): \w+ = (-?\d+);", RUST))
        self.assertGreater(len(theirs), 25)
        self.assertEqual({name: ours.get(name) for name in theirs}, theirs)

    def test_has_the_version_of_the_headers(self):
        major, minor = (re.search(rf"#define SHOAL_ABI_{part} (\d+)", HEADERS)[1]
                        for part in ("MAJOR", "MINOR"))
        self.assertIn(f'"{major}.{minor}"', RUST,
                      "shoal_abi_text! in shoal_abi.rs is not the version of the headers")


if __name__ == "__main__":
    unittest.main()
