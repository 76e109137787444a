// A wire plugin's files, the program and its manifest beside it, before it is run: whether they may
// be trusted, and what the manifest says. Runs nothing. Stateless.
#pragma once

#include <string>

#include "plugin/preflight.h"

namespace shoal::plugin {

// The manifest's file of the program `file`: docs/wire-protocol.md, "What a wire plugin is".
std::string wire_manifest_of(const std::string& file);
// Whether there is one.
bool is_wire_plugin(const std::string& file);

// Both files' bytes, and the manifest. Throws PluginError, one sentence that begins with the file
// at fault.
Examined examine_wire(const std::string& file);

}  // namespace shoal::plugin
