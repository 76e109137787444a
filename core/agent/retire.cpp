// shoal retire: takes this host out of Mackerel and forgets its id.

#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "agent/environment.h"
#include "agent/services.h"
#include "agent/version.h"
#include "base/error.h"
#include "base/log.h"
#include "plugin/options.h"

namespace shoal::agent {
namespace {

constexpr int most_tries = 10;
constexpr std::chrono::seconds between_tries{3};
constexpr std::chrono::seconds patience{30};

// The host under one id, and the key that may retire it.
struct Registration {
  std::string output;
  std::string id;
  nlohmann::json options;
};

std::vector<Registration> registrations(const config::Settings& settings, Services& services) {
  std::vector<Registration> all;
  for (const config::OutputSettings& output : settings.outputs) {
    if (output.plugin != "mackerel") continue;
    const auto id = services.identity().host_id(output.name);
    if (!id) continue;
    const auto description = services.registry().describe(plugin::Kind::output, output.plugin);
    const auto checked = plugin::check_options(description.manifest, output.options_json);
    if (!checked.faults.empty()) {
      throw ConfigError(
          fmt::format("{}: {}", config::to_text(output.where), checked.faults.front().text));
    }
    all.push_back({output.name, *id, nlohmann::json::parse(checked.json)});
  }
  return all;
}

std::string without_path(const std::string& url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return url;
  return url.substr(0, url.find_first_of("/?#", scheme_end + 3));
}

plugin::HttpRequest request_for(const Registration& host) {
  const auto& options = host.options;
  return {
      .method = "POST",
      .url = without_path(options.value("apibase", "")) + "/api/v0/hosts/" + host.id + "/retire",
      .headers = {{"User-Agent", fmt::format("shoal/{}", shoal::version)},
                  {"X-Agent-Version", std::string(shoal::version)},
                  {"X-Revision", std::string(revision)},
                  {"X-Api-Key", options.value("apikey", "")},
                  {"Content-Type", "application/json"}},
      .body = "{}",
      .proxy = options.value("proxy", ""),
      .ca_file = options.value("ca_file", "")};
}

// "" once it is done, else why not.
std::string try_once(plugin::Http& http, const plugin::HttpRequest& request, bool& may_try_again) {
  const SystemClock clock;
  const std::atomic<std::uint32_t> cancel = 0;
  const auto outcome = http.request(request, clock.steady() + patience, cancel);
  may_try_again = true;
  if (outcome.status != plugin::CallStatus::ok) return outcome.reason;
  const int status = outcome.response.status;
  if (status >= 200 && status < 300) return "";
  may_try_again = status < 400 || status >= 500 || status == 408 || status == 429;
  return fmt::format("HTTP {}: {}", status, outcome.response.body);
}

void retire_host(const Registration& host, plugin::Http& http) {
  const auto request = request_for(host);
  for (int tries = 1;; ++tries) {
    bool may_try_again = false;
    const std::string reason = try_once(http, request, may_try_again);
    if (reason.empty()) return;
    if (!may_try_again || tries == most_tries) {
      throw Error(fmt::format("host {} cannot be retired: {}", host.id, reason));
    }
    log::warning("host {}: {}; try {} of {} in {} s", host.id, reason, tries + 1, most_tries,
                 between_tries.count());
    std::this_thread::sleep_for(between_tries);
  }
}

bool is_confirmed(const Registration& host) {
  if (::isatty(STDIN_FILENO) == 0) return false;
  fmt::print("retire host {} (output {})? It cannot be brought back. [y/N] ", host.id, host.output);
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

}  // namespace

int retire(const Arguments& arguments) {
  const config::Settings settings = require_configuration(arguments);
  prepare_environment(settings);
  const SystemClock clock;
  Services services(settings, clock);
  const auto hosts = registrations(settings, services);
  if (hosts.empty()) {
    throw Error(fmt::format("{}: there is no host id: this host is not registered",
                            services.identity().id_file("mackerel")));
  }
  for (const Registration& host : hosts) {
    if (!arguments.has("force") && !is_confirmed(host)) {
      throw Error(fmt::format("host {} is left as it is; --force retires without asking", host.id));
    }
    retire_host(host, services.http());
    services.identity().set_host_id(host.output, "");
    fmt::print("retired host {}\n", host.id);
  }
  return 0;
}

}  // namespace shoal::agent
