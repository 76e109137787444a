// The shared object itself: mapped into this process for ever, its one function called, its tables
// looked at. Stateless.
#pragma once

#include <string>

#include <shoal/plugin.h>

#include "plugin/instance.h"

namespace shoal::plugin {

// Maps `path` and returns its tables: complete, of this kind, and valid for ever, because it is
// never unloaded. Throws PluginError, one sentence that begins with `file`, which is what people
// call it.
const shoal_plugin& open_module(const std::string& file, const std::string& path, Kind kind);

}  // namespace shoal::plugin
