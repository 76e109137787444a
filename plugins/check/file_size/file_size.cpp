#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/deadline.h"
#include "common/thresholds.h"
#include "common/utf8.h"
#include "common/words.h"
#include "tree.h"

SHOAL_MANIFEST(R"({
  "id": "file_size",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether files below a directory have grown too large",
  "options": {
    "directory": {"type": "string", "required": true, "pattern": "^/", "x-example": "/etc", "description": "where to look"},
    "depth": {"type": "integer", "minimum": 1, "maximum": 64, "default": 1, "description": "how many levels down; 1: only the files in the directory itself"},
    "warning": {"type": "string", "format": "size", "default": "1KiB", "description": "a file larger than this: WARNING; or a range"},
    "critical": {"type": "string", "format": "size", "default": "1KiB", "description": "a file larger than this: CRITICAL; or a range"},
    "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1ms", "description": "for all of it; shorter than the section's timeout_seconds"}
  },
  "series": [
    {"name": "file_size.*.largest", "kind": "gauge", "unit": "bytes", "description": "of the largest file"},
    {"name": "file_size.*.total", "kind": "gauge", "unit": "bytes", "description": "of all files"},
    {"name": "file_size.*.files", "kind": "gauge", "unit": "integer", "description": "how many there are"}
  ]
})");

namespace {

using shoal::common::bytes_words;
using shoal::common::Plain;
using shoal::common::size_option;
using shoal::file_size::SizedFile;
using shoal::file_size::Tree;

// A file's name may hold anything; a verdict is lines of UTF-8.
std::string legible(std::string_view name) {
  std::string shown;
  while (!name.empty()) {
    const auto length = shoal::common::first_character_length(name);
    const bool is_control = length == 1 && (name[0] < ' ' || name[0] == '\x7f');
    shown += length == 0 || is_control ? "?" : std::string(name.substr(0, length));
    name.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown;
}

std::string counted(std::uint64_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string named(const SizedFile& file) {
  return legible(file.path) + ": " + bytes_words(file.bytes);
}

class FileSize : public shoal::Check {
 public:
  explicit FileSize(shoal::Context& context)
      : FileSize(context, shoal::common::check_prefix("file_size", context)) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const shoal::common::Deadline deadline(round, timeout_);
    const auto tree = shoal::file_size::measure(directory_, {depth_, badness_}, [&] {
      deadline.throw_if_cancelled();
      return !deadline.has_passed();
    });
    if (tree.is_whole()) draw(tree, round);
    return {status_of(tree), directory_ + ": " + summary_of(tree) + details_of(tree)};
  }

 private:
  FileSize(shoal::Context& context, const std::string& prefix)
      : directory_(context.options().text("/directory")),
        depth_(context.options().integer("/depth", 1)),
        badness_([bounds = bounds_from(context.options())](std::uint64_t bytes) {
          return static_cast<int>(bounds.status_of(static_cast<double>(bytes)));
        }),
        timeout_(context.options().integer("/timeout", 10'000)),
        largest_(context.gauge(prefix + ".largest", "bytes")),
        total_(context.gauge(prefix + ".total", "bytes")),
        files_(context.gauge(prefix + ".files", "integer")) {}

  static shoal::common::Thresholds bounds_from(const shoal::Options& options) {
    return {size_option(options, "warning", Plain::over),
            size_option(options, "critical", Plain::over)};
  }

  // A file out of bounds is told even when not all could be seen.
  static std::uint32_t status_of(const Tree& tree) {
    if (tree.worst > 0) return static_cast<std::uint32_t>(tree.worst);
    return tree.is_whole() ? SHOAL_CHECK_OK : SHOAL_CHECK_UNKNOWN;
  }

  void draw(const Tree& tree, shoal::Round& round) const {
    round.emit(largest_, static_cast<double>(tree.largest.bytes));
    round.emit(total_, static_cast<double>(tree.total_bytes));
    round.emit(files_, static_cast<double>(tree.files));
  }

  static std::string summary_of(const Tree& tree) {
    auto words = counted(tree.files, "file");
    if (tree.bad_files > 0) {
      words = std::to_string(tree.bad_files) + " of " + words + " out of bounds";
    }
    if (tree.is_stopped) words += "; gave up, no time is left to see the others";
    if (tree.unreadable > 0) words += "; " + std::to_string(tree.unreadable) + " cannot be read";
    if (tree.bad_files == 0 && tree.files > 0) words += "; the largest is " + named(tree.largest);
    return words;
  }

  static std::string details_of(const Tree& tree) {
    std::string lines;
    for (const auto& file : tree.bad) lines += "\n" + named(file);
    const auto others = tree.bad_files - tree.bad.size();
    if (others > 0) lines += "\nand " + std::to_string(others) + " more";
    for (const auto& fault : tree.faults) lines += "\n" + legible(fault);
    return lines;
  }

  std::string directory_;
  std::int64_t depth_;
  std::function<int(std::uint64_t)> badness_;
  std::chrono::milliseconds timeout_;
  shoal::Series largest_;
  shoal::Series total_;
  shoal::Series files_;
};

}  // namespace

SHOAL_PLUGIN(FileSize);
