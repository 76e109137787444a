// Tries the parts on recorded data.
#undef NDEBUG
#include <cassert>
#include <fstream>
#include <iterator>

#include <shoal/plugin.hpp>

#include "line.h"

static shoal_sample sample(const char* name, double value, std::int64_t seconds) {
  shoal_sample made{};
  made.size = sizeof(made);
  made.name = shoal::text(name);
  made.value = value;
  made.time_ns = seconds * 1'000'000'000;
  return made;
}

int main() {
  std::ifstream file("testdata/lines.txt");
  const std::string recorded(std::istreambuf_iterator<char>(file), {});

  const std::string lines = to_line(sample("cpu.user.percentage", 12.5, 1767366000)) +
                            to_line(sample("loadavg1", 0.25, 1767366060));

  assert(lines == recorded);
}
