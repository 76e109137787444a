// What the agent lends to plugins, and the registry over it: one of each for the process.
// Thread-safe once constructed.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "config/settings.h"
#include "plugin/crash_log.h"
#include "plugin/crash_marker.h"
#include "plugin/host_identity.h"
#include "plugin/http_client.h"
#include "plugin/registry.h"
#include "plugin/state_store.h"
#include "plugin/suspects.h"

namespace shoal::agent {

class Services {
 public:
  // `marker` names the plugins that are at work in an agent; null for whoever is none.
  Services(const config::Settings& settings, const Clock& clock,
           plugin::CrashMarker* marker = nullptr);

  plugin::Registry& registry() { return registry_; }
  plugin::HostIdentity& identity() { return identity_; }
  plugin::Http& http() { return http_; }
  plugin::Suspects& suspects() { return suspects_; }
  const plugin::Suspects& suspects() const { return suspects_; }
  // Tells plugins which jobs there are.
  void announce_jobs(const config::Settings& settings);

 private:
  const Clock& clock_;
  plugin::StateStore state_;
  plugin::HttpClient http_;
  plugin::HostIdentity identity_;
  plugin::CrashLog crashes_;
  plugin::Suspects suspects_;
  plugin::Registry registry_;
};

// Where reports of crashed plugins are kept.
std::string crash_dir(const std::string& root);
// Where an agent says which plugins it is calling.
std::string crash_marker_file(const std::string& root);

// The state directory, made for us alone if it is not there. Throws Error with what to do.
void prepare_root(const std::string& root);

}  // namespace shoal::agent
