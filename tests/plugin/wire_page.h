// The worked example of docs/wire-protocol.md, line by line: whose frame it is, the length in front
// of it, its JSON.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace shoal::test {

struct WireLine {
  bool is_from_agent = false;
  std::uint64_t length = 0;
  std::string json;
};

inline std::vector<WireLine> wire_example() {
  std::ifstream page(WIRE_PAGE);
  std::vector<WireLine> lines;
  std::string line;
  while (std::getline(page, line) && line != "```wire") continue;
  while (std::getline(page, line) && line != "```") {
    lines.push_back(
        {line.at(0) == '>', std::stoull(line.substr(2, 8), nullptr, 16), line.substr(11)});
  }
  return lines;
}

}  // namespace shoal::test
