#include "config/problems.h"

#include <utility>

namespace shoal::config {

void Problems::fail(const Location& where, std::string text) {
  errors.push_back({where, std::move(text)});
}

void Problems::warn(const Location& where, std::string text) {
  warnings.push_back({where, std::move(text)});
}

void Problems::advise(const Location& where, std::string text) {
  warnings.push_back({where, std::move(text), true});
}

std::string to_line(const Problem& problem) {
  return to_text(problem.where) + ": " + problem.text;
}

std::string to_line(const Warning& warning) {
  return to_text(warning.where) + ": " + warning.text;
}

}  // namespace shoal::config
