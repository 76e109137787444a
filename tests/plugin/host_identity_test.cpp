#include "plugin/host_identity.h"

#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "support/recorded.h"
#include "support/temporary_directory.h"

using shoal::plugin::HostIdentity;
using shoal::test::read_whole;
using shoal::test::TemporaryDirectory;

namespace {

unsigned mode_of(const std::string& path) {
  struct stat info {};
  ::stat(path.c_str(), &info);
  return info.st_mode & 07777;
}

}  // namespace

TEST_SUITE("HostIdentity") {
  TEST_CASE("reads the id that mackerel-agent left") {
    TemporaryDirectory root;
    root.write("id", "2AbCdEfGhIj\r\n");

    CHECK(HostIdentity(root.file("")).host_id("mackerel") == "2AbCdEfGhIj");
  }

  TEST_CASE("knows no id where the file is missing or empty") {
    TemporaryDirectory root;
    HostIdentity identity(root.file(""));

    CHECK_FALSE(identity.host_id("mackerel"));
    root.write("id", "\n");
    CHECK_FALSE(identity.host_id("mackerel"));
  }

  TEST_CASE("says that an id cannot be read, rather than that there is none") {
    TemporaryDirectory root;
    root.write("id/file", "");
    HostIdentity identity(root.path().string());

    CHECK_THROWS_WITH_AS(identity.host_id("mackerel"),
                         (root.file("id") + ": cannot be read: Is a directory").c_str(),
                         shoal::Error);
  }

  TEST_CASE("keeps an id for each output, in files that mackerel-agent would make") {
    ::umask(022);
    TemporaryDirectory parent;
    const auto root = parent.file("mackerel-agent");
    HostIdentity identity(root);

    identity.set_host_id("mackerel", "first");
    identity.set_host_id("second", "other");

    CHECK(read_whole(root + "/id") == "first");
    CHECK(read_whole(root + "/id.second") == "other");
    CHECK(identity.host_id("second") == "other");
    CHECK(mode_of(root + "/id") == 0644);
    CHECK(mode_of(root) == 0755);
    CHECK(::access((root + "/id.new").c_str(), F_OK) != 0);
  }

  TEST_CASE("keeps a directory of its own to itself, and another's as it is") {
    TemporaryDirectory parent;
    HostIdentity(parent.file("shoal")).set_host_id("mackerel", "a");
    CHECK(mode_of(parent.file("shoal")) == 0700);

    ::chmod(parent.path().c_str(), 0750);
    HostIdentity(parent.path().string()).set_host_id("mackerel", "a");
    CHECK(mode_of(parent.path().string()) == 0750);
  }

  TEST_CASE("forgets an id") {
    TemporaryDirectory root;
    HostIdentity identity(root.path().string());
    identity.set_host_id("mackerel", "a");

    identity.set_host_id("mackerel", "");
    identity.set_host_id("mackerel", "");

    CHECK_FALSE(identity.host_id("mackerel"));
  }

  TEST_CASE("says that an id cannot be kept") {
    TemporaryDirectory root;
    root.write("file", "");
    HostIdentity identity(root.file("file"));

    CHECK_THROWS_WITH_AS(
        identity.set_host_id("mackerel", "a"),
        (root.file("file/id.new") + ": cannot be written: Not a directory").c_str(), shoal::Error);
  }

  TEST_CASE("tells the jobs it was given") {
    HostIdentity identity("/nonexistent");
    CHECK(identity.jobs_json() == "[]");

    identity.set_jobs_json(R"([{"id":"check:web"}])");

    CHECK(identity.jobs_json() == R"([{"id":"check:web"}])");
    CHECK_FALSE(identity.host_name().empty());
  }
}
