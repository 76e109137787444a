// SPDX-License-Identifier: MIT
//
// A check with options: whether a file has been written lately, such as a backup. Build it anywhere
// with
//   c++ -std=c++17 -shared -fPIC $(pkg-config --cflags shoal-sdk) -o example_age.so example_age.cpp
//     $(pkg-config --libs shoal-sdk)
// and drop example_age.so into the plugin directory under check/.
#include <cerrno>
#include <cstring>
#include <string>

#include <sys/stat.h>

#include <shoal/plugin.hpp>

SHOAL_MANIFEST(R"({
  "id": "example_age", "version": "1.0.0", "abi": ")" SHOAL_ABI_TEXT R"(", "kind": "check",
  "summary": "how long ago a file was written",
  "options": {
    "path": {"type": "string", "required": true, "description": "the file to look at"},
    "warning": {"type": "integer", "x-unit": "duration", "default": "25h",
                "description": "WARNING when it is older than this"},
    "critical": {"type": "integer", "x-unit": "duration", "default": "49h",
                 "description": "CRITICAL when it is older than this"}
  },
  "series": [{"name": "example_age.seconds", "kind": "gauge", "unit": "seconds"}]
})");

namespace {

class FileAge : public shoal::Check {
 public:
  explicit FileAge(shoal::Context& context)
      : path_(context.options().text("/path")),
        warning_ms_(context.options().integer("/warning")),
        critical_ms_(context.options().integer("/critical")),
        age_(context.gauge("example_age.seconds", "seconds")) {
    if (critical_ms_ < warning_ms_) {
      throw shoal::Failure("critical: expected no less than warning", SHOAL_CONFIG);
    }
  }

  shoal::CheckVerdict check(shoal::Round& round) override {
    struct stat file = {};
    if (stat(path_.c_str(), &file) != 0) {
      return {SHOAL_CHECK_CRITICAL, path_ + ": " + std::strerror(errno)};
    }
    const auto age = round.scheduled_ns() / 1'000'000'000 - file.st_mtime;
    round.emit(age_, static_cast<double>(age));
    return {status_of(age * 1000), path_ + " was written " + std::to_string(age) + " s ago"};
  }

 private:
  std::uint32_t status_of(std::int64_t age_ms) const {
    if (age_ms > critical_ms_) return SHOAL_CHECK_CRITICAL;
    return age_ms > warning_ms_ ? SHOAL_CHECK_WARNING : SHOAL_CHECK_OK;
  }

  std::string path_;
  std::int64_t warning_ms_;
  std::int64_t critical_ms_;
  shoal::Series age_;
};

}  // namespace

SHOAL_PLUGIN(FileAge)
