#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <sys/statvfs.h>

#include <shoal/plugin.hpp>

#include "choice.h"
#include "common/check_name.h"
#include "common/proc_file.h"
#include "common/words.h"
#include "space.h"

SHOAL_MANIFEST(R"({
  "id": "disk",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "check",
  "summary": "whether file systems have space and inodes left",
  "options": {
    "warning": {"type": "string", "format": "space", "description": "less free than this: WARNING; \"10%\", \"5GiB\" or a range"},
    "critical": {"type": "string", "format": "space", "description": "less free than this: CRITICAL"},
    "warning_inodes": {"type": "string", "format": "space", "description": "fewer inodes free than this: WARNING; \"10%\" or a range"},
    "critical_inodes": {"type": "string", "format": "space", "description": "fewer inodes free than this: CRITICAL"},
    "mount_points": {"type": "array", "items": {"type": "string", "pattern": "^/"}, "default": [], "description": "only these; one where nothing is mounted is UNKNOWN"},
    "exclude_mount_points": {"type": "array", "items": {"type": "string", "pattern": "^/"}, "default": [], "description": "all but these"},
    "types": {"type": "array", "items": {"type": "string"}, "default": [], "description": "only these types of file systems, such as nfs4"},
    "exclude_types": {"type": "array", "items": {"type": "string"}, "default": [], "description": "all but these types"},
    "proc": {"type": "string", "default": "/proc", "description": "where procfs is mounted"}
  },
  "series": [
    {"name": "disk.*.free", "kind": "gauge", "unit": "bytes", "description": "free to users, by mount_point"},
    {"name": "disk.*.free_percentage", "kind": "gauge", "unit": "percentage", "description": "of what users may use"},
    {"name": "disk.*.free_inodes_percentage", "kind": "gauge", "unit": "percentage", "description": "of all inodes"}
  ]
})");

namespace {

using shoal::common::Mount;
using shoal::common::percent_words;
using shoal::common::Plain;
using shoal::common::Threshold;
using shoal::disk::Space;
using shoal::disk::SpaceThreshold;

[[noreturn]] void refuse(const std::string& option, const std::string& expected,
                         const std::string& found) {
  throw shoal::Failure("option " + option + ": expected " + expected + ", found \"" + found + "\"",
                       SHOAL_CONFIG);
}

std::optional<SpaceThreshold> space_option(const shoal::Options& options, const std::string& name) {
  const auto text = options.find_text("/" + name);
  if (!text) return std::nullopt;
  const auto threshold = SpaceThreshold::parse(*text);
  if (!threshold) refuse(name, "a percentage, a size with its unit, or a range of them", *text);
  return threshold;
}

// Inodes are counted in percent only, so the sign says nothing.
std::optional<Threshold> inodes_option(const shoal::Options& options, const std::string& name) {
  const auto text = options.find_text("/" + name);
  if (!text) return std::nullopt;
  auto plain = *text;
  plain.erase(std::remove(plain.begin(), plain.end(), '%'), plain.end());
  const auto threshold = Threshold::parse(plain, Plain::under);
  if (!threshold) refuse(name, "a percentage or a range of percentages", *text);
  return threshold;
}

struct Limits {
  explicit Limits(const shoal::Options& options)
      : warning(space_option(options, "warning")),
        critical(space_option(options, "critical")),
        inodes{inodes_option(options, "warning_inodes"),
               inodes_option(options, "critical_inodes")} {
    if (!warning && !critical && !inodes.warning && !inodes.critical) {
      throw shoal::Failure(
          "options: expected one of warning, critical, warning_inodes, critical_inodes, found none",
          SHOAL_CONFIG);
    }
  }

  std::uint32_t status_of(const Space& space) const {
    std::uint32_t status = SHOAL_CHECK_OK;
    if (warning && warning->is_broken_by(space)) status = SHOAL_CHECK_WARNING;
    if (critical && critical->is_broken_by(space)) status = SHOAL_CHECK_CRITICAL;
    if (!space.free_inodes_percent) return status;
    return shoal::common::worse_of(status, inodes.status_of(*space.free_inodes_percent));
  }

  std::optional<SpaceThreshold> warning;
  std::optional<SpaceThreshold> critical;
  shoal::common::Thresholds inodes;
};

// One line of the verdict; those with the least free come first.
struct Finding {
  std::uint32_t status;
  double free_percent;
  std::string text;
};

std::string words_of(const Mount& mount, const Space& space) {
  auto words = mount.mount_point + ": " + percent_words(space.free_percent) + " free (" +
               shoal::common::bytes_words(space.free_bytes) + " of " +
               shoal::common::bytes_words(space.whole_bytes) + ")";
  if (!space.free_inodes_percent) return words;
  return words + ", inodes " + percent_words(*space.free_inodes_percent) + " free";
}

bool is_more_urgent(const Finding& left, const Finding& right) {
  if (left.status == right.status) return left.free_percent < right.free_percent;
  return shoal::common::worse_of(left.status, right.status) == left.status;
}

shoal::CheckVerdict verdict_of(std::vector<Finding>& findings) {
  if (findings.empty()) return {SHOAL_CHECK_UNKNOWN, "no file system is left to judge"};
  std::stable_sort(findings.begin(), findings.end(), is_more_urgent);
  shoal::CheckVerdict verdict{findings.front().status, {}};
  for (const auto& finding : findings) {
    verdict.text += (verdict.text.empty() ? "" : "\n") + finding.text;
  }
  return verdict;
}

class Disk : public shoal::Check {
 public:
  explicit Disk(shoal::Context& context)
      : context_(context),
        limits_(context.options()),
        wanted_{context.options().texts("/mount_points"),
                context.options().texts("/exclude_mount_points"), context.options().texts("/types"),
                context.options().texts("/exclude_types")},
        mountinfo_(context.options().text("/proc", "/proc") + "/self/mountinfo"),
        prefix_(shoal::common::check_prefix("disk", context)) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    const auto choice =
        shoal::disk::choose(shoal::common::parse_mountinfo(mountinfo_.read()), wanted_);
    std::vector<Finding> findings;
    for (const auto& name : choice.missing) {
      findings.push_back({SHOAL_CHECK_UNKNOWN, 0, name + ": nothing is mounted there"});
    }
    for (const auto& mount : choice.mounts) look_at(mount, round, findings);
    return verdict_of(findings);
  }

 private:
  void look_at(const Mount& mount, shoal::Round& round, std::vector<Finding>& findings) const {
    struct statvfs status {};
    if (statvfs(mount.mount_point.c_str(), &status) != 0) {
      findings.push_back({SHOAL_CHECK_UNKNOWN, 0,
                          mount.mount_point + ": " + std::generic_category().message(errno)});
      return;
    }
    const auto space = shoal::disk::space_from(status);
    if (!space) {
      const bool is_named = !wanted_.mount_points.empty();
      if (is_named)
        findings.push_back({SHOAL_CHECK_UNKNOWN, 0, mount.mount_point + ": has no blocks"});
      return;
    }
    draw(mount, *space, round);
    findings.push_back({limits_.status_of(*space), space->free_percent, words_of(mount, *space)});
  }

  void draw(const Mount& mount, const Space& space, shoal::Round& round) const {
    const auto emit = [&](const char* name, const char* unit, double value) {
      round.emit(
          context_.declare(SHOAL_GAUGE, prefix_ + name, unit, {{"mount_point", mount.mount_point}}),
          value);
    };
    emit(".free", "bytes", static_cast<double>(space.free_bytes));
    emit(".free_percentage", "percentage", space.free_percent);
    if (space.free_inodes_percent) {
      emit(".free_inodes_percentage", "percentage", *space.free_inodes_percent);
    }
  }

  shoal::Context& context_;
  Limits limits_;
  shoal::disk::Wanted wanted_;
  shoal::common::ProcFile mountinfo_;
  std::string prefix_;
};

}  // namespace

SHOAL_PLUGIN(Disk);
