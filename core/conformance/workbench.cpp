#include "conformance/workbench.h"

namespace shoal::conformance {

Workbench::Workbench(Trial& trial, HostSettings settings)
    : trial_(trial), host_(trial, std::move(settings)) {
  trial_.begin_act("loading it and shoal_module_v1()");
  plugin_ = load_entry(trial.subject())()->plugin;
  trial_.end_act();
}

Context& Workbench::context() {
  return context(trial_.subject().options_json);
}

Context& Workbench::context(const std::string& options_json) {
  const auto kind = plugin::kind_name(trial_.subject().kind());
  return host_.make_context(fmt::format("{}:tester{}", kind, ++instances_), options_json);
}

bool Workbench::live(Context& context, int rounds, const CallSettings& settings) {
  DrivenInstance instance(host_, plugin(), context);
  instance.create(settings);
  if (!instance.exists()) return false;
  instance.start(settings);
  for (int i = 0; i < rounds; ++i) instance.round(settings);
  instance.stop(settings);
  instance.destroy(settings);
  return true;
}

}  // namespace shoal::conformance
