#include "route/matcher.h"

#include <string>

#include <doctest/doctest.h>

#include "base/glob.h"

using shoal::fits;
using shoal::route::Matcher;

namespace {

struct Case {
  const char* glob;
  const char* text;
  bool fits;
};

constexpr Case cases[] = {
    {"check:web", "check:web", true},
    {"check:web", "check:web2", false},
    {"check:web", "a check:web", false},
    {"check:Web", "check:web", false},
    {"check:web*", "check:web", true},
    {"check:web*", "check:web-front", true},
    {"check:web?", "check:web", false},
    {"check:web?", "check:web2", true},
    {"check:web?", "check:web22", false},
    {"*", "", true},
    {"*", "sample:cpu.user.percentage", true},
    {"", "", true},
    {"", "a", false},
    {"?", "", false},
    {"*:web", "check:web", true},
    {"*:web", "event:check:web", true},
    {"*:web", "check:webs", false},
    {"sample:*.delta", "sample:disk.sda.reads.delta", true},
    {"sample:disk.*.reads.*", "sample:disk.sda.reads.delta", true},
    {"sample:disk.*.reads.*", "sample:disk.sda.writes.delta", false},
    {"a*b*c", "a-b-b-c", true},
    {"a*b*c", "a-b-c-b", false},
    {"**", "anything", true},
    {"a**", "a", true},
    {"*a?", "aaab", true},
    {"[a]", "a", false},
    {"[a]", "[a]", true},
};

}  // namespace

TEST_SUITE("Matcher") {
  TEST_CASE("fits a glob to the whole of a text") {
    for (const Case& it : cases) {
      CAPTURE(it.glob);
      CAPTURE(it.text);
      CHECK(fits(it.glob, it.text) == it.fits);
    }
  }

  TEST_CASE("answers at once where a naive search would take years") {
    std::string glob;
    for (int i = 0; i < 100; ++i) glob += "*a";
    glob += "*b";

    CHECK_FALSE(fits(glob, std::string(200, 'a')));
  }

  TEST_CASE("wants what fits any of its patterns") {
    const Matcher matcher({"event:check:web*", "event:check:db"});

    CHECK(matcher.wants("event:check:web-front"));
    CHECK(matcher.wants("event:check:db"));
    CHECK_FALSE(matcher.wants("event:check:db2"));
  }

  TEST_CASE("does not want what is excluded, wherever the exclusion stands") {
    for (const Matcher& matcher :
         {Matcher({"check:*", "!check:test*"}), Matcher({"!check:test*", "check:*"})}) {
      CHECK(matcher.wants("check:web"));
      CHECK_FALSE(matcher.wants("check:test-web"));
      CHECK_FALSE(matcher.wants("sample:loadavg5"));
    }
  }

  TEST_CASE("wants the rest when it is told only what to leave out") {
    const Matcher matcher({"!sample:*.delta"});

    CHECK(matcher.wants("sample:loadavg5"));
    CHECK(matcher.wants("check:web"));
    CHECK_FALSE(matcher.wants("sample:disk.sda.reads.delta"));
  }

  TEST_CASE("with an empty list wants nothing") {
    CHECK_FALSE(Matcher({}).wants("check:web"));
  }
}
