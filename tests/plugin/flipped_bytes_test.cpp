#include <cstdlib>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <link.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "plugin_house.h"

using namespace shoal;
using namespace shoal::plugin;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Loads it and runs a round, in a child, as the agent would. False if that ends in a signal.
bool survives(const test::PluginHouse& house, const std::string& file) {
  const pid_t child = fork();
  if (child == 0) {
    try {
      const auto instance =
          house.registry.create(Kind::metric, file, {.job = "metric:example_load"});
      instance->run(house.call());
    } catch (const Error&) {
      // Refused in words.
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status);
}

}  // namespace

TEST_SUITE("a plugin with one flipped byte") {
  TEST_CASE("in its headers or its note never takes the agent down") {
    const test::PluginHouse house;
    const auto file = house.install(Kind::metric, EXAMPLE_LOAD, "example_load");
    const auto whole = read_file(file);
    ElfW(Ehdr) header{};
    whole.copy(reinterpret_cast<char*>(&header), sizeof(header));
    const auto headers_end = header.e_phoff + header.e_phnum * sizeof(ElfW(Phdr));
    const auto note = whole.find("SHOAL") - 12;

    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < headers_end; ++at) places.push_back(at);
    for (std::size_t at = note; at < note + 32; ++at) places.push_back(at);

    for (const auto at : places) {
      auto flipped = whole;
      CAPTURE(at);
      flipped[at] = static_cast<char>(~flipped[at]);
      std::ofstream(file, std::ios::binary | std::ios::trunc) << flipped;
      CHECK(survives(house, file));
    }
  }
}
