#include "tags.h"

#include <doctest/doctest.h>

#include <shoal/plugin.hpp>

using namespace shoal::slack;

namespace {

const Tags& tags() {
  static const Tags all(R"({"webhook": "w", "tags": {
    "db": {"channel": "#db", "match": ["check:db*"]},
    "ops": {"channel": "#ops", "username": "shoal", "icon_emoji": ":fish:",
            "match": ["check:*", "!check:backup*"]},
    "people": {"channel": "#people"}}})");
  return all;
}

std::string tag_for(std::string_view job) {
  return tags()[tags().index_of(job)].name;
}

}  // namespace

TEST_SUITE("tags") {
  TEST_CASE("are taken by the first whose match fits the job, in the order of their names") {
    CHECK(tag_for("check:db-replica") == "db");
    CHECK(tag_for("check:web") == "ops");
    CHECK(tag_for("check:backup-night") == "");
    CHECK(tag_for("metric:web") == "");
  }

  TEST_CASE("are taken by name for what people and scripts say") {
    CHECK(tag_for("notify:people") == "people");
    CHECK(tag_for("notify:db") == "db");
    CHECK(tag_for("notify:nobody") == "");
  }

  TEST_CASE("name channel, user and icon") {
    const auto& address = tags()[tags().index_of("check:web")].address;

    CHECK(address.channel == "#ops");
    CHECK(address.username == "shoal");
    CHECK(address.icon_emoji == ":fish:");
  }

  TEST_CASE("are none without the option") {
    CHECK(Tags("{}").index_of("check:web") == 0);
    CHECK(Tags("{}")[0].address.channel.empty());
  }

  TEST_CASE("of other shapes are refused") {
    const std::pair<const char*, const char*> table[] = {
        {R"({"tags": []})", "option tags: expected an object"},
        {R"({"tags": {"ops": "#ops"}})", "option tags.ops: expected an object"},
        {R"({"tags": {"ops": {"channel": 1}}})", "option tags.ops.channel: expected a string"},
        {R"({"tags": {"ops": {"match": [1]}}})",
         "option tags.ops.match: expected an array of strings"}};
    for (const auto& [json, reason] : table) CHECK_THROWS_WITH(Tags{json}, reason);
  }
}

TEST_SUITE("globs") {
  TEST_CASE("fit the whole of a text") {
    CHECK(Globs({"check:web"}).fit("check:web"));
    CHECK_FALSE(Globs({"check:web"}).fit("check:web2"));
    CHECK(Globs({"check:web?"}).fit("check:web2"));
    CHECK(Globs({"*:w*b"}).fit("check:wwb"));
    CHECK_FALSE(Globs({"*a*b"}).fit("check:ba"));
    CHECK(Globs({"*"}).fit(""));
  }

  TEST_CASE("that only exclude fit everything else, and none fit nothing") {
    CHECK(Globs({"!check:a*"}).fit("check:b"));
    CHECK_FALSE(Globs({"!check:a*"}).fit("check:ab"));
    CHECK_FALSE(Globs({"*", "!check:a"}).fit("check:a"));
    CHECK_FALSE(Globs().fit("check:a"));
  }
}
