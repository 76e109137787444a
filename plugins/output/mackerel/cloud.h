// Which cloud this machine is of, and what its metadata service says about it. Asked only where the
// machine itself shows that it is one of a cloud, so that others lose no time. For the thread of
// the call.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

namespace shoal::mackerel {

enum class Platform : std::uint8_t { none, ec2, gce, azure };

struct Cloud {
  std::string provider;    // "ec2", "gce", "AzureVM"
  std::string identifier;  // of this machine among all of the world
  std::map<std::string, std::string> metadata;
};

class CloudFinder {
 public:
  // Reads the option cloud_platform; "auto" looks below `sys` for what the machine is.
  explicit CloudFinder(const Options& options, const std::string& sys = "/sys");

  // Asks anew. What was known stays if there is no answer now.
  void ask(const Call& call);

  // Empty on a machine of no cloud, or as long as its cloud has never answered.
  const std::optional<Cloud>& known() const { return known_; }
  // Of a cloud that has not answered yet.
  bool is_unsure() const { return platform_ != Platform::none && !known_; }
  Platform platform() const { return platform_; }

 private:
  Platform platform_ = Platform::none;
  std::optional<Cloud> known_;
};

// What the machine's own tables say, read below `sys`.
Platform platform_of_machine(const std::string& sys);

// EC2's instances have UUIDs that begin so; some show them with the bytes of the first field
// swapped.
bool is_ec2_uuid(std::string_view uuid);

}  // namespace shoal::mackerel
