#include "plugin/patient_maker.h"

#include <future>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "base/error.h"

namespace shoal::plugin {

PatientMaker::Made PatientMaker::make(std::function<std::shared_ptr<Instance>()> make) const {
  std::packaged_task<std::shared_ptr<Instance>()> task(std::move(make));
  auto made = task.get_future();
  ++*running_;
  std::thread([task = std::move(task), running = running_]() mutable {
    task();
    task = {};
    --*running;
  }).detach();
  if (made.wait_for(patience_) == std::future_status::timeout) {
    return {nullptr, fmt::format("did not end in create() within {} s",
                                 std::chrono::duration<double>(patience_).count())};
  }
  try {
    return {made.get(), {}};
  } catch (const PluginError&) {
    throw;
  } catch (const std::exception& error) {
    return {nullptr, fmt::format("threw through the border of create(): {}", error.what())};
  } catch (...) {
    return {nullptr, "threw through the border of create()"};
  }
}

}  // namespace shoal::plugin
