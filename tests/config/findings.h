// What a reading found wrong, as the lines a person would see.
#pragma once

#include <string>
#include <vector>

#include "config/reader.h"

namespace shoal::test {

using Lines = std::vector<std::string>;

inline Lines error_lines(const config::ReadResult& result) {
  Lines lines;
  for (const auto& error : result.errors) lines.push_back(config::to_line(error));
  return lines;
}

inline Lines warning_lines(const config::ReadResult& result) {
  Lines lines;
  for (const auto& warning : result.settings.warnings) lines.push_back(config::to_line(warning));
  return lines;
}

// Joined, so that a failing check shows all of them.
inline std::string joined(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

inline std::string errors_in(const std::string& text) {
  return joined(error_lines(config::read_text(text, "t.conf")));
}

inline std::string warnings_in(const std::string& text) {
  return joined(warning_lines(config::read_text(text, "t.conf")));
}

inline const config::JobSettings* job(const config::Settings& settings, const std::string& id) {
  for (const auto& job : settings.jobs) {
    if (job.id() == id) return &job;
  }
  return nullptr;
}

inline const config::OutputSettings* output(const config::Settings& settings,
                                            const std::string& name) {
  for (const auto& output : settings.outputs) {
    if (output.name == name) return &output;
  }
  return nullptr;
}

}  // namespace shoal::test
