#include "config/reader.h"

#include <algorithm>
#include <utility>

#include "config/derivation.h"
#include "config/document.h"
#include "config/draft.h"
#include "config/include.h"
#include "config/sections.h"
#include "config/text_file.h"

namespace shoal::config {

namespace {

class Reading {
 public:
  void read_main(const std::string& file) {
    read_file(file);
    const auto include = std::exchange(draft_.include, std::nullopt);
    if (include) {
      read_included(include->text, include->where);
    } else if (const auto pattern = default_include(file); !pattern.empty()) {
      read_included(pattern, {file, 0});
    }
  }

  void read_text(std::string_view text, const std::string& file) {
    const std::size_t first_error = problems_.errors.size();
    const std::size_t first_warning = problems_.warnings.size();
    if (const auto table = parse_document(text, file, problems_)) {
      read_top(Section(*table, {file, 0}, "", problems_), draft_);
    }
    sort_by_line(problems_.errors, first_error);
    sort_by_line(problems_.warnings, first_warning);
  }

  ReadResult finish(const std::string& main_file, const Overrides& overrides) && {
    Settings settings = derive(std::move(draft_), main_file, overrides, problems_);
    settings.warnings = std::move(problems_.warnings);
    return {std::move(settings), std::move(problems_.errors)};
  }

 private:
  void read_file(const std::string& file) {
    const auto [text, fault] = read_text_file(file);
    if (fault.empty()) return read_text(text, file);
    problems_.fail({file, 0}, fault);
  }

  void read_included(const std::string& pattern, const Location& where) {
    if (pattern.empty()) return;
    const auto [files, fault] = expand_include(pattern);
    if (!fault.empty()) problems_.fail(where, "include: " + fault);
    for (const std::string& file : files) {
      read_file(file);
      const auto nested = std::exchange(draft_.include, std::nullopt);
      if (nested) problems_.warn(nested->where, "include: no effect in an included file");
    }
  }

  template <class Found>
  static void sort_by_line(std::vector<Found>& found, std::size_t first) {
    std::stable_sort(
        found.begin() + static_cast<std::ptrdiff_t>(first), found.end(),
        [](const Found& one, const Found& other) { return one.where.line < other.where.line; });
  }

  Draft draft_;
  Problems problems_;
};

}  // namespace

ReadResult read(const std::string& main_file, const Overrides& overrides) {
  Reading reading;
  reading.read_main(main_file);
  return std::move(reading).finish(main_file, overrides);
}

ReadResult read_text(std::string_view text, const std::string& file, const Overrides& overrides) {
  Reading reading;
  reading.read_text(text, file);
  return std::move(reading).finish(file, overrides);
}

Settings embedded_default(const Overrides& overrides) {
  return Reading().finish("", overrides).settings;
}

}  // namespace shoal::config
