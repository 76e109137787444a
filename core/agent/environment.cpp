#include "agent/environment.h"

#include <cstdlib>
#include <string>

namespace shoal::agent {
namespace {

void set(const char* name, const std::string& value) {
  ::setenv(name, value.c_str(), 1);
}

bool is_said(const std::string& proxy) {
  return !proxy.empty() && proxy != "direct";
}

// An empty part would mean the present directory, from which nothing is to be run.
std::string search_path(const char* inherited) {
  std::string path = "/sbin:/usr/sbin:/bin:/usr/bin";
  if (inherited != nullptr && *inherited != '\0') path += std::string(":") + inherited;
  return path + ":/opt/mackerel-agent/plugins/bin";
}

void set_proxies(const config::Settings& settings) {
  if (is_said(settings.http_proxy)) set("HTTP_PROXY", settings.http_proxy);
  if (is_said(settings.https_proxy)) {
    set("HTTPS_PROXY", settings.https_proxy);
  } else if (settings.https_proxy.empty() && is_said(settings.http_proxy)) {
    set("HTTPS_PROXY", settings.http_proxy);
  }
}

}  // namespace

void prepare_environment(const config::Settings& settings) {
  set("PATH", search_path(std::getenv("PATH")));
  set("LANG", "C");
  set("LC_ALL", "C");
  set_proxies(settings);
}

}  // namespace shoal::agent
