// One instance of the plugin under test, driven as the header says a host may drive it. What comes
// back from each call is held to the header's rules. One call at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/host.h"
#include "conformance/offered_batch.h"

namespace shoal::conformance {

struct CallSettings {
  std::chrono::milliseconds patience{30'000};  // until the deadline; may be negative
  std::uint32_t attempt = 1;
  bool is_cancelled = false;                  // before it begins
  std::chrono::milliseconds cancel_after{0};  // 0: never
  bool is_elsewhere = false;                  // on a thread of its own
  std::chrono::nanoseconds scheduled_offset{0};
};

struct CallResult {
  shoal_status status = SHOAL_OK;
  Context::Said said;
  std::chrono::milliseconds took{0};
  std::size_t delivered = 0;  // records of an output's batch
  std::uint32_t retry_after_ms = 0;
  bool is_failure() const { return status < 0; }
};

class DrivenInstance {
 public:
  DrivenInstance(Host& host, const shoal_plugin& plugin, Context& context);
  // Destroys what was created and not destroyed.
  ~DrivenInstance();
  DrivenInstance(const DrivenInstance&) = delete;
  DrivenInstance& operator=(const DrivenInstance&) = delete;

  CallResult create(const CallSettings& settings = {});
  bool exists() const { return instance_ != nullptr; }
  CallResult start(const CallSettings& settings = {});
  // One round of a metric or check; a batch with one record of each kind for an output.
  CallResult round(const CallSettings& settings = {});
  CallResult deliver(const OfferedBatch& batch, const CallSettings& settings = {});
  CallResult stop(const CallSettings& settings = {});
  void destroy(const CallSettings& settings = {});

  Context& context() { return context_; }

 private:
  using Body = std::function<shoal_status(const shoal_call*)>;
  CallResult call(const std::string& function, Phase phase, const CallSettings& settings,
                  const Body& body);
  CallResult run(const std::string& function, Phase phase, const CallSettings& settings,
                 const shoal_call* lent, const std::function<shoal_status()>& body);
  CallResult timed(const CallSettings& settings, const shoal_call* call,
                   const std::function<shoal_status()>& body);
  shoal_call raw_call(const CallSettings& settings);
  void check(const std::string& function, const CallResult& result);
  void check_giving_up(const std::string& function, const CallSettings& settings,
                       const CallResult& result);
  void check_delivery(const OfferedBatch& offered, const CallResult& result,
                      const shoal_delivery& delivery, const std::vector<std::uint8_t>& verdicts);
  LentMemory& next_memory();
  LentMemory& present_memory() { return uses_second_ ? second_ : first_; }

  Host& host_;
  Trial& trial_;
  const shoal_plugin& plugin_;
  Context& context_;
  shoal_instance* instance_ = nullptr;
  // Two, so that what was lent to the last call stays untouchable during the next.
  LentMemory first_;
  LentMemory second_;
  bool uses_second_ = false;
  std::int64_t rounds_ = 0;
  std::uint32_t cancel_ = 0;
};

}  // namespace shoal::conformance
