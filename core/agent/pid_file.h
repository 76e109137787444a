// The pid file, while the agent runs. Decimal pid without a newline, as mackerel-agent writes it.
#pragma once

#include <string>

namespace shoal::agent {

class PidFile {
 public:
  // Throws Error if a living process of the same program holds it, or it cannot be written. What a
  // dead or unrelated process left is replaced. An empty path: no file.
  explicit PidFile(std::string path);
  ~PidFile();
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  std::string path_;
};

}  // namespace shoal::agent
