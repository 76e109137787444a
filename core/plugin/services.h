// What the host lends to plugins, apart from speaking and options, which each has. Borrowed; all of
// it outlives every instance.
#pragma once

#include <string_view>

#include "base/clock.h"

namespace shoal::plugin {

class Http;
class Identity;
class PluginLog;
class State;

// The agent's own log.
PluginLog& own_log();

struct Services {
  const Clock& clock;
  PluginLog* log = &own_log();
  State* state = nullptr;  // null: plugins are told that this host has none
  Http* http = nullptr;
  Identity* identity = nullptr;
};

// Whether a plugin that needs the service `id` ("shoal.http/1") can run here.
bool offers(const Services& services, std::string_view id);

}  // namespace shoal::plugin
