#include "common/folded_name.h"

#include "common/sanitize.h"

namespace shoal::common {

std::string folded_name(const shoal_sample& sample) {
  std::string name(view(sample.name));
  for (std::uint32_t i = 0; i < sample.labels.count; ++i) {
    const auto component = sanitized(view(SHOAL_AT(shoal_label, sample.labels, i)->value));
    name += '.';
    name += component.empty() ? "_" : component;
  }
  return name;
}

}  // namespace shoal::common
