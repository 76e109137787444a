#include "line.h"

#include <sstream>

std::string to_line(const shoal_sample& sample) {
  std::ostringstream line;
  line.precision(17);
  line.write(sample.name.data, static_cast<std::streamsize>(sample.name.size));
  line << ' ' << sample.value << ' ' << sample.time_ns / 1'000'000'000 << '\n';
  return line.str();
}
