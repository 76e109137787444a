// The host's clock as this instance sees it.
#pragma once

#include <cstdint>

#include <shoal/plugin.hpp>

namespace shoal::slack {

class Clock {
 public:
  // Throws Failure if the host has none.
  explicit Clock(const Context& context)
      : context_(context),
        table_(static_cast<const shoal_clock*>(context.service(SHOAL_SERVICE_CLOCK))) {
    if (table_ == nullptr) throw Failure("this host has no clock", SHOAL_UNSUPPORTED);
  }

  std::int64_t unix_ns() const { return table_->unix_ns(context_.raw()); }
  std::int64_t steady_ns() const { return table_->steady_ns(context_.raw()); }

 private:
  const Context& context_;
  const shoal_clock* table_;
};

}  // namespace shoal::slack
