#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include <sys/stat.h>

#include <shoal/plugin.hpp>

#include "common/check_name.h"
#include "common/thresholds.h"
#include "common/wall_clock.h"
#include "common/words.h"

SHOAL_MANIFEST(R"({
  "id": "file_age",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether a file has been written of late, and is large enough",
  "options": {
    "file": {"type": "string", "required": true, "pattern": "^/", "x-example": "/etc/hosts", "description": "the path of the file"},
    "warning": {"type": "string", "format": "threshold", "default": "240", "description": "changed more seconds ago than this: WARNING; 0: never; or a range"},
    "critical": {"type": "string", "format": "threshold", "default": "600", "description": "changed more seconds ago: CRITICAL; 0: never; or a range"},
    "warning_size": {"type": "string", "format": "size", "default": "0", "description": "smaller than this: WARNING; or a range"},
    "critical_size": {"type": "string", "format": "size", "default": "0", "description": "smaller than this: CRITICAL; or a range"},
    "ignore_missing": {"type": "boolean", "default": false, "description": "be OK when there is no such file"}
  },
  "series": [
    {"name": "file_age.*.age", "kind": "gauge", "unit": "seconds", "description": "since the file was last changed"},
    {"name": "file_age.*.size", "kind": "gauge", "unit": "bytes", "description": "of the file"}
  ]
})");

namespace {

using shoal::common::duration_words;
using shoal::common::Plain;
using shoal::common::size_option;
using shoal::common::Threshold;

// The clock of a file server may be somewhat ahead of ours.
constexpr double tolerated_seconds = 60;

std::optional<Threshold> age_option(const shoal::Options& options, const std::string& name) {
  if (shoal::common::plain_number(options.text("/" + name)) == 0) return std::nullopt;
  return shoal::common::threshold_option(options, name, Plain::over);
}

// Nothing if there is no such file.
std::optional<struct stat> look_at(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) return status;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw std::system_error(errno, std::generic_category(), path);
}

double age_of(const struct stat& status, std::int64_t now_ns) {
  constexpr double second_ns = 1e9;
  const auto whole = now_ns / 1'000'000'000 - status.st_mtim.tv_sec;
  const auto rest = now_ns % 1'000'000'000 - status.st_mtim.tv_nsec;
  return static_cast<double>(whole) + static_cast<double>(rest) / second_ns;
}

std::string age_words(double age) {
  const auto seconds = static_cast<std::int64_t>(age);
  return seconds < 0 ? "changed " + duration_words(-seconds) + " in the future"
                     : "changed " + duration_words(seconds) + " ago";
}

class FileAge : public shoal::Check {
 public:
  explicit FileAge(shoal::Context& context)
      : FileAge(context, shoal::common::check_prefix("file_age", context)) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto status = look_at(path_);
    if (!status) return {missing_status_, path_ + ": there is no such file"};
    const double age = age_of(*status, shoal::common::unix_ns(round.context()));
    const auto size = static_cast<std::uint64_t>(status->st_size);
    if (age >= 0) round.emit(age_, age);
    round.emit(size_, static_cast<double>(size));
    return {
        shoal::common::worse_of(status_of_age(age), sizes_.status_of(static_cast<double>(size))),
        path_ + ": " + age_words(age) + ", " + shoal::common::bytes_words(size)};
  }

 private:
  FileAge(shoal::Context& context, const std::string& prefix)
      : path_(context.options().text("/file")),
        ages_{age_option(context.options(), "warning"), age_option(context.options(), "critical")},
        sizes_{size_option(context.options(), "warning_size", Plain::under),
               size_option(context.options(), "critical_size", Plain::under)},
        missing_status_(context.options().boolean("/ignore_missing") ? SHOAL_CHECK_OK
                                                                     : SHOAL_CHECK_UNKNOWN),
        age_(context.gauge(prefix + ".age", "seconds")),
        size_(context.gauge(prefix + ".size", "bytes")) {}

  // A time to come says nothing of when the file was written, and would be young for ever.
  std::uint32_t status_of_age(double age) const {
    const bool is_judged = ages_.warning || ages_.critical;
    if (is_judged && age < -tolerated_seconds) return SHOAL_CHECK_UNKNOWN;
    return ages_.status_of(age < 0 ? 0 : age);
  }

  std::string path_;
  shoal::common::Thresholds ages_;
  shoal::common::Thresholds sizes_;
  std::uint32_t missing_status_;
  shoal::Series age_;
  shoal::Series size_;
};

}  // namespace

SHOAL_PLUGIN(FileAge);
