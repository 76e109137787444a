// A plugin's code in this process. Loaded from a private copy named by its content, so that nobody
// writes under our feet, and never unloaded: whatever the code left behind (threads, thread-local
// destructors, pointers) stays valid. Thread-safe.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <shoal/plugin.h>

#include "plugin/preflight.h"

namespace shoal::plugin {

// The tables of an examined plugin: complete, of the manifest's kind, and valid for ever. The same
// content is loaded once.
//
// `copy_dir` is made if need be, for us alone. A copy in it has passed the dynamic linker, asked
// before the copy was given its name, so later starts need not ask again.
//
// Throws PluginError, one sentence that begins with the plugin's file.
const shoal_plugin& load(const Examined& examined, const std::string& copy_dir);

// The copy alone, for a process that will load it.
std::string private_copy(const Examined& examined, const std::string& copy_dir);

// What is mapped into this process, for ever.
struct Loaded {
  std::string file;  // as it was given
  std::string content;
};
std::vector<Loaded> loaded_libraries();

// Removes copies of other contents than these and what this process has loaded, but none that was
// asked for within the last minute, perhaps by another process.
void remove_unused_copies(const std::string& copy_dir, const std::set<std::string>& used);

// Removes copies that nobody has loaded for a month, and nothing else that may be there.
void remove_old_copies(const std::string& copy_dir);

}  // namespace shoal::plugin
