#include <algorithm>
#include <chrono>
#include <cstdint>
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
    "warning": {"type": "integer", "x-unit": "bytes", "minimum": 0, "default": "1KiB", "description": "a file larger than this: WARNING"},
    "critical": {"type": "integer", "x-unit": "bytes", "minimum": 0, "default": "1KiB", "description": "a file larger than this: CRITICAL"},
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
using shoal::file_size::SizedFile;
using shoal::file_size::Tree;

constexpr std::int64_t default_limit = 1024;

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
    const auto tree = shoal::file_size::measure(directory_, {depth_, limit()}, [&] {
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
        warning_(static_cast<std::uint64_t>(context.options().integer("/warning", default_limit))),
        critical_(
            static_cast<std::uint64_t>(context.options().integer("/critical", default_limit))),
        timeout_(context.options().integer("/timeout", 10'000)),
        largest_(context.gauge(prefix + ".largest", "bytes")),
        total_(context.gauge(prefix + ".total", "bytes")),
        files_(context.gauge(prefix + ".files", "integer")) {}

  std::uint64_t limit() const { return std::min(warning_, critical_); }

  static std::uint64_t largest_bytes(const Tree& tree) {
    return tree.largest.empty() ? 0 : tree.largest.front().bytes;
  }

  // A file that is too large is told even when not all could be seen.
  std::uint32_t status_of(const Tree& tree) const {
    if (largest_bytes(tree) > critical_) return SHOAL_CHECK_CRITICAL;
    if (largest_bytes(tree) > warning_) return SHOAL_CHECK_WARNING;
    return tree.is_whole() ? SHOAL_CHECK_OK : SHOAL_CHECK_UNKNOWN;
  }

  void draw(const Tree& tree, shoal::Round& round) const {
    round.emit(largest_, static_cast<double>(largest_bytes(tree)));
    round.emit(total_, static_cast<double>(tree.total_bytes));
    round.emit(files_, static_cast<double>(tree.files));
  }

  std::string summary_of(const Tree& tree) const {
    auto words = tree.large_files == 0
                     ? counted(tree.files, "file")
                     : std::to_string(tree.large_files) + " of " + counted(tree.files, "file") +
                           " over " + bytes_words(limit());
    if (tree.is_stopped) words += "; gave up, no time is left to see the others";
    if (tree.unreadable > 0) words += "; " + std::to_string(tree.unreadable) + " cannot be read";
    if (tree.large_files == 0 && !tree.largest.empty()) {
      words += "; the largest is " + named(tree.largest.front());
    }
    return words;
  }

  std::string details_of(const Tree& tree) const {
    std::string lines;
    const auto shown = std::min<std::uint64_t>(tree.large_files, tree.largest.size());
    for (std::size_t i = 0; i < shown; ++i) lines += "\n" + named(tree.largest[i]);
    if (shown < tree.large_files) {
      lines += "\nand " + std::to_string(tree.large_files - shown) + " more";
    }
    for (const auto& fault : tree.faults) lines += "\n" + legible(fault);
    return lines;
  }

  std::string directory_;
  std::int64_t depth_;
  std::uint64_t warning_;
  std::uint64_t critical_;
  std::chrono::milliseconds timeout_;
  shoal::Series largest_;
  shoal::Series total_;
  shoal::Series files_;
};

}  // namespace

SHOAL_PLUGIN(FileSize);
