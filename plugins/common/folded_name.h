// How an output without labels names a labelled series: the one rule for all of them.
#pragma once

#include <string>

#include <shoal/plugin.hpp>

namespace shoal::common {

// The series' name, then each label's value as a component of its own, in the order the plugin
// declared them: "disk.reads" with dev=/dev/sda and op=merged is "disk.reads._dev_sda.merged".
// Characters other than [A-Za-z0-9_-] become "_", and so does an empty value.
std::string folded_name(const shoal_sample& sample);

}  // namespace shoal::common
