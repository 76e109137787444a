// A plugin's file before it is loaded: whether it may be trusted, whether it is a plugin for this
// agent, and what its manifest says. Runs no byte of it, never maps it. Stateless.
#pragma once

#include <string>

#include "plugin/manifest.h"

namespace shoal::plugin {

struct Examined {
  std::string file;   // as it was given
  std::string bytes;  // what was examined, so that the very same is loaded
  Manifest manifest;
};

// Throws PluginError, one sentence that begins with `file`: what was found and, where there is one,
// the cure. The dynamic linker's view is linkage.h.
Examined examine(const std::string& file);

// The bytes of a regular file that may be trusted. Throws PluginError likewise.
std::string read_trusted(const std::string& file);

// The part of it that looks at owner and mode, of the file and of its directory: root's or our own,
// and not writable by others.
void check_trust(const std::string& file, unsigned own_user);

}  // namespace shoal::plugin
