#include "space.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace shoal::disk {
namespace {

struct Unit {
  std::string_view name;
  double bytes;
};
constexpr double kibi = 1024;
constexpr std::array<Unit, 9> units{{{"b", 1},
                                     {"kb", 1e3},
                                     {"mb", 1e6},
                                     {"gb", 1e9},
                                     {"tb", 1e12},
                                     {"kib", kibi},
                                     {"mib", kibi* kibi},
                                     {"gib", kibi* kibi* kibi},
                                     {"tib", kibi* kibi* kibi* kibi}}};

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

std::optional<double> read_percent(std::string_view text) {
  if (text.empty() || text.back() != '%') return std::nullopt;
  return common::plain_number(text.substr(0, text.size() - 1));
}

std::optional<double> read_bytes(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto name = lower(text.substr(digits));
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const auto& one) { return one.name == name; });
  const auto number = common::plain_number(text.substr(0, digits));
  if (unit == units.end() || !number) return std::nullopt;
  return *number * unit->bytes;
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
  const auto threshold = common::Threshold::parse(text, common::Plain::under,
                                                  is_percent ? &read_percent : &read_bytes);
  if (!threshold) return std::nullopt;
  return SpaceThreshold(*threshold, is_percent);
}

bool SpaceThreshold::is_broken_by(const Space& space) const {
  return threshold_.is_broken_by(is_percent_ ? space.free_percent
                                             : static_cast<double>(space.free_bytes));
}

}  // namespace shoal::disk
