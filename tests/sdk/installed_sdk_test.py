"""An author needs the installed SDK alone: compilers, meson and CMake find it through pkg-config."""

import re
import shutil
import unittest

from sdk_case import TOP, SdkCase

C_EXAMPLE = TOP / "sdk/examples/c/example_load.c"
CPP_EXAMPLE = TOP / "sdk/examples/cpp/example_age.cpp"
GUIDE = TOP / "docs/plugin-authors.md"


def block_of(language):
    """The guide's one block in that language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"{GUIDE.name} has {len(blocks)} blocks of {language}"
    return blocks[0]


class InstalledSdk(SdkCase):
    def compile(self, compiler, source, *flags):
        shutil.copy(source, self.folder)
        plugin = self.folder / f"{source.stem}.so"
        self.run_in(self.folder, compiler, *flags, "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror",
                    *self.pkg_config("--cflags"), "-o", plugin.name, source.name,
                    *self.pkg_config("--libs"))
        return plugin

    def test_has_every_header(self):
        ours = {path.name for path in (TOP / "sdk/include/shoal").iterdir()}
        self.assertEqual({path.name for path in (self.prefix / "include/shoal").iterdir()}, ours)

    def test_has_the_version_of_the_abi(self):
        plugin = self.compile("cc", C_EXAMPLE)
        self.assertEqual(self.pkg_config("--modversion"), [self.info(plugin)["abi"]])

    def test_builds_c_with_pkg_config_alone(self):
        self.assert_plugin(self.compile("cc", C_EXAMPLE, "-std=gnu99", "-pedantic"), "example_load")

    def test_builds_cpp_with_pkg_config_alone(self):
        self.assert_plugin(self.compile("c++", CPP_EXAMPLE, "-std=c++17", "-pedantic"), "example_age")

    def test_refuses_a_symbol_that_nobody_has_when_it_links(self):
        source = self.folder / "lost/example_load.c"
        source.parent.mkdir()
        source.write_text(C_EXAMPLE.read_text().replace("getloadavg(", "get_no_load_average("))
        with self.assertRaisesRegex(AssertionError, "undefined reference to `get_no_load_average'"):
            self.compile("cc", source, "-Wno-implicit-function-declaration", "-Wno-error")

    def test_builds_with_the_guides_lines_of_meson(self):
        shutil.copy(CPP_EXAMPLE, self.folder)
        (self.folder / "meson.build").write_text(block_of("meson"))
        self.run_in(self.folder, "meson", "setup", "build")
        self.run_in(self.folder, "ninja", "-C", "build")
        self.assert_plugin(self.folder / "build/example_age.so", "example_age")

    def test_builds_with_the_guides_lines_of_cmake(self):
        shutil.copy(CPP_EXAMPLE, self.folder)
        (self.folder / "CMakeLists.txt").write_text(block_of("cmake"))
        self.run_in(self.folder, "cmake", "-G", "Ninja", "-B", "build")
        self.run_in(self.folder, "cmake", "--build", "build")
        self.assert_plugin(self.folder / "build/example_age.so", "example_age")


if __name__ == "__main__":
    unittest.main()
