#include "plugin/bundle.h"

#include <fstream>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "plugin/preflight.h"

namespace shoal::plugin {
namespace {

constexpr std::size_t hash_size = 64;

bool is_trusted(const std::string& file) {
  try {
    check_trust(file, geteuid());
    return true;
  } catch (const PluginError& error) {
    log::warning("{}; bundled plugins get a process each", error.what());
    return false;
  }
}

}  // namespace

Bundle::Bundle(const std::string& file) {
  std::ifstream stream(file);
  if (!stream || !is_trusted(file)) return;
  for (std::string line; std::getline(stream, line);) {
    if (line.size() > hash_size) contents_.insert(line.substr(0, hash_size));
  }
}

}  // namespace shoal::plugin
