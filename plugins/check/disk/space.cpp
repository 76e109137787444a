#include "space.h"

#include <algorithm>

namespace shoal::disk {
namespace {

std::optional<double> read_percent(std::string_view text) {
  if (text.empty() || text.back() != '%') return std::nullopt;
  return common::plain_number(text.substr(0, text.size() - 1));
}

// With its unit: a number alone could as well be meant for a part.
std::optional<double> read_size(std::string_view text) {
  const bool has_unit = !text.empty() && (text.back() == 'b' || text.back() == 'B');
  return has_unit ? common::size_number(text) : std::nullopt;
}

double percent_of(std::uint64_t part, std::uint64_t whole) {
  return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::optional<Space> space_from(const struct statvfs& status) {
  if (status.f_blocks == 0) return std::nullopt;
  const std::uint64_t block_bytes = status.f_frsize != 0 ? status.f_frsize : status.f_bsize;
  const std::uint64_t used = status.f_blocks - std::min(status.f_bfree, status.f_blocks);
  const std::uint64_t whole = used + status.f_bavail;
  Space space{status.f_bavail * block_bytes, whole * block_bytes,
              whole == 0 ? 0 : percent_of(status.f_bavail, whole), std::nullopt};
  if (status.f_files != 0) {
    space.free_inodes_percent =
        percent_of(std::min(status.f_ffree, status.f_files), status.f_files);
  }
  return space;
}

std::optional<SpaceThreshold> SpaceThreshold::parse(std::string_view text) {
  const bool is_percent = text.find('%') != std::string_view::npos;
  const auto threshold =
      common::Threshold::parse(text, common::Plain::under, is_percent ? &read_percent : &read_size);
  if (!threshold) return std::nullopt;
  return SpaceThreshold(*threshold, is_percent);
}

bool SpaceThreshold::is_broken_by(const Space& space) const {
  return threshold_.is_broken_by(is_percent_ ? space.free_percent
                                             : static_cast<double>(space.free_bytes));
}

}  // namespace shoal::disk
