#include "common/proc_file.h"

#include <doctest/doctest.h>

#include "support/temporary_directory.h"

using namespace shoal::common;

TEST_SUITE("ProcFile") {
  TEST_CASE("reads a file anew each time, also one larger than its buffer") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("stat", std::string(10'000, 'x'));
    ProcFile file(directory.file("stat"));

    CHECK(file.read().text == std::string(10'000, 'x'));
    directory.write("stat", "short");
    CHECK(file.read().text == "short");
    directory.write("stat", "");
    CHECK(file.read().text.empty());
  }

  TEST_CASE("reads what the kernel makes up while it is read") {
    CHECK(ProcFile("/proc/self/stat").read().text.find('(') != std::string_view::npos);
  }

  TEST_CASE("says which file it cannot read") {
    CHECK_THROWS_WITH(ProcFile("/nonexistent/stat").read(),
                      "/nonexistent/stat: No such file or directory");
    CHECK_THROWS_WITH(ProcFile("/proc").read(), "/proc: Is a directory");
  }

  TEST_CASE("stops at its limit") {
    CHECK_THROWS_WITH(ProcFile("/dev/zero", 5000).read(),
                      "/dev/zero: expected at most 5000 bytes, found more");
  }

  TEST_CASE("quotes what a parser found, shortened and escaped") {
    const FileText file{"/proc/stat", ""};

    CHECK_THROWS_WITH(refuse(file, "a line", ""), "/proc/stat: expected a line, found nothing");
    CHECK_THROWS_WITH(
        refuse(file, "a line", std::string(41, 'a') + "\n"),
        ("/proc/stat: expected a line, found \"" + std::string(40, 'a') + "...\"").c_str());
    CHECK_THROWS_WITH(refuse(file, "a line", "\x1b[0m\xff"),
                      "/proc/stat: expected a line, found \"?[0m?\"");
  }
}
