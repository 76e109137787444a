// Recorded files of a plugin's own testdata folder (TESTDATA is set by the build), and the output
// of the system's own tools to compare with.
#pragma once

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

namespace shoal::test {

inline std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

#ifdef TESTDATA
inline std::string recorded(const std::string& name) {
  return read_whole(std::string(TESTDATA) + "/" + name);
}
#endif

// What `command` prints; nothing if it is not installed or fails, which is said on the terminal.
inline std::optional<std::string> output_of(const std::string& command) {
  FILE* pipe = popen(("LC_ALL=C " + command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string output;
  std::array<char, 4096> chunk{};
  while (const auto got = fread(chunk.data(), 1, chunk.size(), pipe))
    output.append(chunk.data(), got);
  if (pclose(pipe) == 0) return output;
  std::printf("SKIPPED: no answer from \"%s\", nothing to compare with\n", command.c_str());
  return std::nullopt;
}

}  // namespace shoal::test
