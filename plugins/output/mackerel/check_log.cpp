#include "check_log.h"

#include <utility>

namespace shoal::mackerel {

const CheckLog::Last* CheckLog::last(std::string_view name) const {
  for (const auto* results : {&fresh_, &reported_}) {
    const auto found = results->find(name);
    if (found != results->end()) return &found->second;
  }
  return nullptr;
}

bool CheckLog::note(const shoal_check_result& result, const CheckRules& rules) {
  const auto* before = last(view(result.name));
  if (before != nullptr && result.time_ns <= before->time_ns) return false;
  const bool is_known =
      before != nullptr && before->status == result.status && before->text == view(result.text);
  fresh_.insert_or_assign(std::string(view(result.name)),
                          Last{result.status, std::string(view(result.text)), result.time_ns});
  return result.status != SHOAL_CHECK_OK || (!is_known && !rules.prevents_auto_close);
}

void CheckLog::commit() {
  for (auto& [name, result] : fresh_) reported_[name] = std::move(result);
  fresh_.clear();
}

}  // namespace shoal::mackerel
