#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "record/encoding.h"

using namespace shoal;
using namespace shoal::record;

namespace {

// The bytes of the page's block marked "hex": two-digit words, up to the first other word of a
// line.
std::string documented_bytes() {
  std::ifstream page(RECORD_ENCODING_PAGE);
  std::string line;
  while (std::getline(page, line) && line != "```hex") continue;

  std::string bytes;
  while (std::getline(page, line) && line != "```") {
    std::istringstream words(line.substr(0, line.find("  ")));
    for (std::string word; words >> word;) {
      bytes.push_back(static_cast<char>(std::stoi(word, nullptr, 16)));
    }
  }
  return bytes;
}

}  // namespace

TEST_SUITE("record encoding") {
  TEST_CASE("is as documented") {
    const Record sample = Sample{.name = "loadavg5",
                                 .unit = "float",
                                 .value = 0.5,
                                 .time = from_unix_nanoseconds(1'767'366'000'000'000'000),
                                 .origin = Origin::host};
    std::string bytes;
    encode(sample, bytes);

    CHECK(bytes == documented_bytes());
    CHECK(decode(documented_bytes()) == sample);
  }
}
