// Something that goes wrong round after round is said in the log when it begins and when it
// changes, not each round. Not thread-safe; belongs to one instance.
#pragma once

#include <string>
#include <utility>

#include <shoal/plugin.hpp>

namespace shoal::common {

class Complaint {
 public:
  explicit Complaint(const Context& context) : context_(context) {}

  // What is wrong in this round; empty if nothing is.
  void state(std::string message) {
    if (message == last_) return;
    if (!message.empty()) context_.log(SHOAL_LOG_WARNING, message);
    last_ = std::move(message);
  }

 private:
  const Context& context_;
  std::string last_;
};

}  // namespace shoal::common
