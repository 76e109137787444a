#include "metadata.h"

#include <cstdlib>

#include <doctest/doctest.h>

#include "fake_api_test.h"
#include "sent_file.h"
#include "support/temporary_directory.h"

using namespace shoal::mackerel;
using namespace shoal::mackerel::test;

namespace {

const auto* const path = "PUT /api/v0/hosts/qTdrOJRBRY6/metadata/hello";

// A host whose plugins work in a directory of their own.
struct Bench {
  Bench() { ::setenv("MACKEREL_PLUGIN_WORKDIR", directory.path().c_str(), 1); }
  ~Bench() { ::unsetenv("MACKEREL_PLUGIN_WORKDIR"); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Verdicts deliver(std::string_view json) {
    Records records;
    return output.plugin.deliver(records.value("hello", json).all).second;
  }
  std::string file() const { return directory.path().string() + "/mackerel-metadata/hello"; }

  shoal::test::TemporaryDirectory directory;
  FakeApi api;
  Output output{api};
};

}  // namespace

TEST_SUITE("mackerel metadata") {
  TEST_CASE("is put as it was printed") {
    Bench bench;

    CHECK(bench.deliver(R"({"message":"hello","n":[1,2.5,null,true]})") == Verdicts{delivered});

    CHECK(bench.api.last(path).body == R"({"message":"hello","n":[1,2.5,null,true]})");
  }

  TEST_CASE("is not put again while it says the same") {
    Bench bench;
    bench.deliver(R"({"a":1,"b":2})");

    CHECK(bench.deliver(R"({ "b": 2.0, "a": 1 })") == Verdicts{delivered});
    CHECK(bench.api.count(path) == 1);
    CHECK(bench.deliver(R"({"a":1,"b":3})") == Verdicts{delivered});
    CHECK(bench.api.count(path) == 2);
  }

  TEST_CASE("that mackerel-agent has sent is not put again") {
    Bench bench;
    CHECK_FALSE(write_sent(bench.file(), R"({"a":1})"));

    bench.deliver(R"({"a":1})");

    CHECK(bench.api.count(path) == 0);
  }

  TEST_CASE("is known by its file to the next agent") {
    Bench bench;
    bench.deliver("[1]");

    CHECK(read_sent(bench.file()) == "[1]");
    CHECK(read_sent(bench.directory.path().string() + "/none") == std::nullopt);
  }

  TEST_CASE("is kept where its section says") {
    Bench bench;
    const auto own = bench.directory.path().string() + "/own";
    bench.output.plugin.jobs = R"([{"kind":"metadata","name":"hello","workdir":")" + own + R"("}])";

    bench.deliver("[1]");

    CHECK(read_sent(own + "/mackerel-plugin-metadata-hello") == "[1]");
    CHECK(read_sent(bench.file()) == std::nullopt);
  }

  TEST_CASE("of a second output has a file of its own") {
    CHECK(sent_file("hello", "/w", "second") == "/w/mackerel-plugin-metadata-hello.second");
  }

  TEST_CASE("that says null is not put if nothing was put before") {
    Bench bench;

    CHECK(bench.deliver("null") == Verdicts{delivered});

    CHECK(bench.api.count(path) == 0);
  }

  TEST_CASE("is only the newest of its name in a batch") {
    Bench bench;
    Records records;
    records.value("hello", "2", then + second).value("hello", "1");

    CHECK(bench.output.plugin.deliver(records.all).second == Verdicts{delivered, delivered});

    CHECK(bench.api.count(path) == 1);
    CHECK(bench.api.last(path).body == "2");
  }

  TEST_CASE("stays for later, and is not taken for sent, when the API fails") {
    Bench bench;
    bench.api.exceptions.emplace_back(path, refusal(503));

    CHECK(bench.deliver("1") == Verdicts{retry});
    CHECK(bench.output.plugin.reason ==
          "metadata hello is kept for later: PUT /api/v0/hosts/"
          "qTdrOJRBRY6/metadata/hello: HTTP 503: told so");
    CHECK(bench.deliver("1") == Verdicts{delivered});
    CHECK(bench.api.count(path) == 2);
  }

  TEST_CASE("is rejected when the API refuses it, and put again when it is said again") {
    Bench bench;
    bench.api.exceptions.emplace_back(path, refusal(400));

    CHECK(bench.deliver("1") == Verdicts{rejected});
    CHECK(bench.deliver("1") == Verdicts{delivered});
  }

  TEST_CASE("that the API would refuse is not sent") {
    CHECK(metadata_fault("packages", "{}", 49).empty());
    CHECK(metadata_fault("pack ages", "{}", 0) == "expected a name of [A-Za-z0-9_-]");
    CHECK(metadata_fault("mackerel-x", "{}", 0) ==
          "names that begin with \"mackerel\" are Mackerel's own");
    CHECK(metadata_fault("packages", "{}", 50) == "Mackerel keeps at most 50 of a host");
    CHECK(metadata_fault("packages", std::string(102'401, ' '), 0) ==
          "expected at most 100 KB, got 102401 bytes");
  }

  TEST_CASE("is not written through a link that someone else may have made") {
    Bench bench;
    const auto target = bench.directory.path().string() + "/target";
    REQUIRE(::system(("mkdir " + target + " && ln -s target " + bench.directory.path().string() +
                      "/mackerel-metadata")
                         .c_str()) == 0);

    CHECK(bench.deliver("1") == Verdicts{delivered});

    CHECK(read_sent(target + "/hello") == std::nullopt);
    CHECK(bench.output.plugin.logged.back() ==
          bench.directory.path().string() +
              "/mackerel-metadata: expected a directory of this user's own");
  }
}
