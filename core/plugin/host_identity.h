// Who this host is: its name, the ids that receivers gave it, what it is made of, and what the
// agent does on it. Ids are files in the agent's root directory, where mackerel-agent keeps its
// own. Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "plugin/host_spec.h"
#include "plugin/identity.h"

namespace shoal::plugin {

class HostIdentity final : public Identity {
 public:
  explicit HostIdentity(std::string root, SpecSources sources = {})
      : root_(std::move(root)), sources_(std::move(sources)) {}

  std::string host_name() override;
  std::optional<std::string> host_id(std::string_view output) override;
  void set_host_id(std::string_view output, std::string_view id) override;
  std::string host_spec_json() override;
  std::string jobs_json() override;

  // What jobs_json() tells from now on; a reload sets it anew.
  void set_jobs_json(std::string jobs);

  // <root>/id for the output "mackerel", <root>/id.NAME for others.
  std::string id_file(std::string_view output) const;

 private:
  std::string root_;
  SpecSources sources_;
  std::mutex mutex_;
  std::string jobs_ = "[]";  // guarded by mutex_
};

}  // namespace shoal::plugin
