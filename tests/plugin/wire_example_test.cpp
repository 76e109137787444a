// The agent against a program that plays the other side of the example in docs/wire-protocol.md.
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include <shoal/shoal.h>

#include "process_house.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

std::string install_dice(const test::ProcessHouse& house) {
  namespace files = std::filesystem;
  const auto folder = house.directory.path() / "dice";
  files::create_directory(folder);
  const auto program = folder / "dice";
  files::copy_file(REPLAYER, program);
  files::permissions(program, files::perms(0755));
  files::permissions(folder, files::perms(0755));
  std::ofstream(program.string() + ".shoal.json")
      << R"({"id": "dice", "version": "1.0.0", "abi": ")" SHOAL_ABI_TEXT
         R"(", "wire": 1, "kind": "metric", "options": {"sides": {"type": "integer"}}})";
  files::permissions(program.string() + ".shoal.json", files::perms(0644));
  return program.string();
}

}  // namespace

TEST_SUITE("wire example") {
  TEST_CASE("is what the agent says and understands, frame by frame") {
    test::ProcessHouse house;
    house.state.put("metric:dice", "throws", "41");
    const auto dice = house.registry.create(Kind::metric, install_dice(house),
                                            {.job = "metric:dice",
                                             .options_json = R"({"sides": 6})",
                                             .env = {{"WIRE_PAGE", WIRE_PAGE}}});

    const auto start = dice->start(house.call());
    const auto good = dice->run(house.call());
    const auto bad = dice->run(house.call());
    const auto stop = dice->stop(house.call());

    CHECK(start.reason == "");
    CHECK(good.reason == "");
    REQUIRE(good.records.size() == 1);
    CHECK(std::get<record::Sample>(good.records[0]).name == "dice.value");
    CHECK(std::get<record::Sample>(good.records[0]).value == 4);
    CHECK(bad.status == CallStatus::failed);
    CHECK(bad.reason == "the cup is empty");
    CHECK(stop.reason == "");
    CHECK(dice->health().deaths == 0);
  }
}
