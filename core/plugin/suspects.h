// Plugins that took the agent down when they ran in it: a small JSON file, read at every start, so
// that they get a process of their own until their file changes. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace shoal::plugin {

struct Suspect {
  WallTime time;        // when the agent ended
  std::string file;     // the plugin's
  std::string content;  // SHA-256 of its bytes, in hex
  std::string job;      // "metric:nginx"; whose plugin it was
  std::string during;   // "a round"; empty if none of its calls ran just then
  std::string cause;    // "signal 11 (Segmentation fault)"
};

class Suspects {
 public:
  // A file that cannot be understood counts as empty, and is named in the log.
  explicit Suspects(std::string file);

  // Keeps them, and the newest 100 in all. That they could not be written is said in the log; until
  // the process ends they are kept all the same.
  void add(const std::vector<Suspect>& suspects);

  // What is known against a plugin of this content.
  std::optional<Suspect> find(std::string_view content) const;

 private:
  void write() const;

  const std::string file_;
  mutable std::mutex mutex_;
  std::vector<Suspect> suspects_;  // oldest first, one of each content
};

// "/usr/lib/shoal/metric/nginx.so took the agent down in a round of metric:nginx: signal 11
// (Segmentation fault)"
std::string to_text(const Suspect& suspect);

}  // namespace shoal::plugin
