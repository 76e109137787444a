// Group host: a host whose functions fail and whose services are absent.

#include <algorithm>

#include "conformance/tests.h"
#include "conformance/workbench.h"

namespace shoal::conformance {
namespace {

constexpr int most_calls = 60;

}  // namespace

void test_failing_calls(Trial& trial) {
  Workbench bench(trial);
  bench.host().fail_call(0, SHOAL_FAILED);
  bench.live(2);
  const int calls = std::min(bench.host().calls(), most_calls);
  constexpr std::array<shoal_status, 4> failures{SHOAL_FAILED, SHOAL_RETRY, SHOAL_CANCELLED,
                                                 SHOAL_DEADLINE};
  for (int failing = 1; failing <= calls; ++failing) {
    const auto failure = failures[trial.pick(failures.size())];
    trial.under(Rule::host_failure,
                fmt::format("while host call {} of {} answers {}", failing, calls, failure));
    bench.host().forget_state();
    bench.host().fail_call(failing, failure);
    bench.live(2);
  }
}

void test_failing_host(Trial& trial) {
  Workbench bench(trial);
  for (const shoal_status failure : {SHOAL_FAILED, SHOAL_RETRY, SHOAL_CANCELLED}) {
    trial.under(Rule::host_failure, fmt::format("while every host call answers {}", failure));
    bench.host().fail_call(-1, failure);
    bench.live(1);
    // Only the rounds: an instance that exists loses its host.
    bench.host().fail_call(0, failure);
    DrivenInstance instance(bench.host(), bench.plugin(), bench.context());
    instance.create();
    if (!instance.exists()) return;
    instance.start();
    bench.host().fail_call(-1, failure);
    instance.round();
    instance.stop();
    bench.host().fail_call(0, failure);
  }
}

// Options and clock every host has.
void test_absent_services(Trial& trial) {
  const auto& needs = trial.subject().manifest.needs;
  for (const std::string service :
       {SHOAL_SERVICE_STATE, SHOAL_SERVICE_HTTP, SHOAL_SERVICE_IDENTITY}) {
    if (std::find(needs.begin(), needs.end(), service) != needs.end()) continue;
    trial.under(Rule::host_absent, "on a host without " + service);
    Workbench bench(trial, {.filler = 0, .absent = {service}});
    bench.live(2);
  }
}

}  // namespace shoal::conformance
