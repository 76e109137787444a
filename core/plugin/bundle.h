// The list of the build's own plugins by their content: those are trusted to run in the agent
// itself. Immutable, so safe from any thread.
#pragma once

#include <set>
#include <string>

namespace shoal::plugin {

class Bundle {
 public:
  // `file` holds lines of sha256sum, "HASH  metric/cpu.so"; if it is not there, or others than root
  // and the agent's user could have written it, nothing is bundled.
  explicit Bundle(const std::string& file);

  bool contains(const std::string& content) const { return contents_.contains(content); }

 private:
  std::set<std::string> contents_;
};

}  // namespace shoal::plugin
