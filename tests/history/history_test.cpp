#include <filesystem>
#include <fstream>
#include <optional>

#include <doctest/doctest.h>

#include "base/error.h"
#include "history/reader.h"
#include "history/writer.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

using namespace shoal;
using namespace shoal::history;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  test::TemporaryDirectory directory{test::memory_backed()};
  test::FakeClock clock;
  std::string path = directory.file("history.db");
  std::optional<Writer> writer;

  explicit Fixture(HistoryLimits limits = {}) { writer.emplace(path, clock, limits); }

  void add(std::string name, double value) {
    writer->append(std::vector<record::Record>{
        record::Sample{.name = std::move(name), .value = value, .time = clock.wall()}});
  }
  void add_result(record::Status status, std::string text) {
    writer->append(std::vector<record::Record>{record::CheckResult{
        .name = "web", .status = status, .text = std::move(text), .time = clock.wall()}});
  }
  std::vector<Point> points(std::string_view name) {
    const auto series = Reader(path).series(name, {});
    return series ? series->points : std::vector<Point>{};
  }
  std::vector<double> values(std::string_view name) {
    std::vector<double> values;
    for (const Point& point : points(name)) values.push_back(point.value);
    return values;
  }
  std::vector<Result> results() {
    return Reader(path).results("web", {}).value_or(std::vector<Result>{});
  }
};

using Values = std::vector<double>;

}  // namespace

TEST_SUITE("series_name") {
  TEST_CASE("folds labels and the custom identifier into the name") {
    CHECK(series_name({.name = "loadavg5"}) == "loadavg5");
    CHECK(series_name({.name = "reads",
                       .labels = {{"device", "sda"}, {"mount", "/"}},
                       .custom_identifier = "db"}) ==
          "reads{device=sda,mount=/,custom_identifier=db}");
  }
}

TEST_SUITE("history") {
  TEST_CASE("gives back the samples of a series while it is being written") {
    Fixture f;
    f.add("loadavg5", 1);
    f.add("loadavg1", 9);
    f.clock.advance(1min);
    f.add("loadavg5", 2);

    CHECK(f.values("loadavg5") == Values{1, 2});
    CHECK(f.points("loadavg5")[1].time == f.clock.wall());
    CHECK_FALSE(Reader(f.path).series("loadavg99", {}));
  }

  TEST_CASE("gives back only what is asked for") {
    Fixture f;
    f.add("loadavg5", 1);
    f.clock.advance(1h);
    f.add("loadavg5", 2);

    const auto series = Reader(f.path).series("loadavg5", f.clock.wall() - 30min);

    REQUIRE(series);
    REQUIRE(series->points.size() == 1);
    CHECK(series->points[0].value == 2);
  }

  TEST_CASE("keeps one point for a series and a time") {
    Fixture f;
    f.add("loadavg5", 1);
    f.add("loadavg5", 2);

    CHECK(f.values("loadavg5") == Values{2});
  }

  TEST_CASE("continues after a restart") {
    Fixture f;
    f.add("loadavg5", 1);
    f.writer.reset();
    f.writer.emplace(f.path, f.clock);
    f.clock.advance(1min);

    f.add("loadavg5", 2);

    CHECK(f.values("loadavg5") == Values{1, 2});
  }

  TEST_CASE("keeps the unit of a series") {
    Fixture f;
    f.writer->append(std::vector<record::Record>{record::Sample{
        .name = "memory.used", .unit = "bytes", .value = 1, .time = f.clock.wall()}});

    CHECK(Reader(f.path).series("memory.used", {})->unit == "bytes");
  }

  TEST_CASE("makes five minutes of samples one point after a day") {
    Fixture f;
    const WallTime start = f.clock.wall();
    for (int minute = 0; minute < 10; ++minute) {
      f.add("loadavg5", minute);
      f.clock.advance(1min);
    }
    f.clock.advance(24h);

    f.writer->compact();

    CHECK(f.points("loadavg5") == std::vector<Point>{{start, 2, 0, 4}, {start + 5min, 7, 5, 9}});
  }

  TEST_CASE("adds a late sample to the average it belongs to") {
    Fixture f;
    const WallTime start = f.clock.wall();
    f.add("loadavg5", 1);
    f.clock.advance(25h);
    f.writer->compact();
    f.writer->append(std::vector<record::Record>{
        record::Sample{.name = "loadavg5", .value = 3, .time = start + 1min}});
    f.clock.advance(5min);

    f.writer->compact();

    CHECK(f.points("loadavg5") == std::vector<Point>{{start, 2, 1, 3}});
  }

  TEST_CASE("forgets what is older than thirty days, and the names of it") {
    Fixture f;
    f.add("loadavg5", 1);
    f.writer->compact();
    f.clock.advance(31 * 24h);
    f.add("loadavg1", 2);

    f.writer->compact();

    CHECK(Reader(f.path).names() == std::vector<std::string>{"loadavg1"});
    f.add("loadavg5", 3);
    CHECK(f.values("loadavg5") == Values{3});
  }

  TEST_CASE("gives back results with their texts") {
    Fixture f;
    f.add_result(record::Status::critical, "refused");

    CHECK(f.results() ==
          std::vector<Result>{{f.clock.wall(), record::Status::critical, "refused"}});
  }

  TEST_CASE("keeps the changes of a check's state longer than each result") {
    Fixture f;
    using enum record::Status;
    for (const auto status : {ok, ok, critical, critical, ok}) {
      f.add_result(status, "text");
      f.clock.advance(1min);
    }
    f.clock.advance(24h);

    f.writer->compact();

    const auto results = f.results();
    REQUIRE(results.size() == 3);
    CHECK(results[0].status == ok);
    CHECK(results[1].status == critical);
    CHECK(results[2].status == ok);
    CHECK(results[1].time - results[0].time == 2min);
  }

  TEST_CASE("cuts long texts between characters") {
    Fixture f;
    std::string text(4095, 'x');
    text += "\xc3\xbc and more";

    f.add_result(record::Status::ok, text);

    CHECK(f.results()[0].text == std::string(4095, 'x'));
  }

  TEST_CASE("gives back the changes of state that were told") {
    Fixture f;
    f.writer->append(std::vector<record::Record>{record::Event{.job = "check:web",
                                                               .time = f.clock.wall(),
                                                               .from = record::Status::ok,
                                                               .to = record::Status::warning,
                                                               .is_hard = false,
                                                               .text = "slow"}});

    CHECK(Reader(f.path).transitions({}) ==
          std::vector<Transition>{{f.clock.wall(), "check:web", record::Status::ok,
                                   record::Status::warning, false, "slow"}});
  }

  TEST_CASE("tells a job's events only, and one that came twice once") {
    Fixture f;
    const record::Event event{.id = "check:web@x/1",
                              .job = "check:web",
                              .time = f.clock.wall(),
                              .to = record::Status::critical,
                              .since = f.clock.wall() - 1min};
    record::Event other = event;
    other.id = "check:db@x/1";
    other.job = "check:db";
    f.writer->append(std::vector<record::Record>{event, other});
    f.writer->append(std::vector<record::Record>{event});

    const auto found = Reader(f.path).transitions({}, "check:web");

    REQUIRE(found.size() == 1);
    CHECK(found[0].job == "check:web");
    CHECK(found[0].since == f.clock.wall() - 1min);
    CHECK(Reader(f.path).transitions({}).size() == 2);
  }

  TEST_CASE("lets the oldest go when the file grows too large") {
    Fixture f({.bytes = 1 << 20});
    std::vector<record::Record> round;
    for (int minute = 0; minute < 600; ++minute) {
      round.clear();
      for (int i = 0; i < 100; ++i) {
        round.emplace_back(record::Sample{
            .name = "series" + std::to_string(i), .value = i + 0.5, .time = f.clock.wall()});
      }
      f.writer->append(round);
      f.writer->compact();
      f.clock.advance(1min);
    }

    const auto left = f.points("series7");
    CHECK(std::filesystem::file_size(f.path) < 3 << 19);
    CHECK(left.size() > 100);
    CHECK(left.back().time == f.clock.wall() - 1min);
    CHECK(left.front().time > f.clock.wall() - 500min);
  }

  TEST_CASE("names what someone may have meant") {
    Fixture f;
    for (const char* name : {"loadavg1", "loadavg5", "loadavg15", "memory.used"}) f.add(name, 1);
    Reader reader(f.path);

    CHECK(reader.names_like("memroy.used") == std::vector<std::string>{"memory.used"});
    CHECK(reader.names_like("loadavg").size() == 3);
    CHECK(reader.names_like("avg15") == std::vector<std::string>{"loadavg15"});
    CHECK(reader.names_like("zzz").empty());
    CHECK(reader.names_like("").empty());
  }

  TEST_CASE("says where it looked when there is no history") {
    CHECK_THROWS_WITH_AS(
        Reader("/nonexistent/history.db"),
        "history /nonexistent/history.db: there is no such file; has an agent run here?", Error);
  }

  TEST_CASE("sets a damaged file aside and starts afresh") {
    Fixture f;
    f.writer.reset();
    std::ofstream(f.path) << std::string(10'000, 'x');

    f.writer.emplace(f.path, f.clock);
    f.add("loadavg5", 1);

    CHECK(f.writer->health().files_set_aside == 1);
    CHECK(f.writer->health().trouble.empty());
    CHECK(f.values("loadavg5") == Values{1});
  }

  TEST_CASE("goes without a file that cannot be opened, counts, and comes back") {
    test::TemporaryDirectory directory;
    test::FakeClock clock;
    Writer writer(directory.file("later/history.db"), clock);
    const std::vector<record::Record> round{
        record::Sample{.name = "loadavg5", .value = 1, .time = clock.wall()}};
    writer.append(round);
    CHECK(writer.health().records_forgone == 1);
    CHECK(writer.health().trouble == directory.file("later/history.db") +
                                         ": open: unable to open database file (No such file or "
                                         "directory)");

    std::filesystem::create_directory(directory.file("later"));
    clock.advance(1min);
    writer.append(round);

    CHECK(writer.health().records_forgone == 1);
    CHECK(writer.health().trouble.empty());
  }
}
