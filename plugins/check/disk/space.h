// How much of a mounted file system is free, and the thresholds that are written for it. Knows
// nothing of the SDK.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/statvfs.h>

#include "common/thresholds.h"

namespace shoal::disk {

// What is reserved for root counts neither as free nor as part of the whole.
struct Space {
  std::uint64_t free_bytes;
  std::uint64_t whole_bytes;
  double free_percent;
  std::optional<double> free_inodes_percent;  // nothing where inodes are made as needed (btrfs)
};

// Nothing for file systems without blocks. Pure function.
std::optional<Space> space_from(const struct statvfs& status);

// A bound on what is free: "10%", "5GiB", or a range of either, "10%:" or "@1GiB:2GiB". A plain one
// is broken by less. Immutable.
class SpaceThreshold {
 public:
  // Nothing if `text` cannot be read; a number without a unit cannot.
  static std::optional<SpaceThreshold> parse(std::string_view text);
  bool is_broken_by(const Space& space) const;

 private:
  SpaceThreshold(const common::Threshold& threshold, bool is_percent)
      : threshold_(threshold), is_percent_(is_percent) {}

  common::Threshold threshold_;
  bool is_percent_;
};

}  // namespace shoal::disk
