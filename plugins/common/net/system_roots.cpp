#include "common/net/system_roots.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace shoal::common {

const char* const no_system_roots = "option ca_file: expected a file, for the system has no roots";

std::string system_ca_file(const std::string& root) {
  constexpr std::array<const char*, 3> known{"/etc/ssl/certs/ca-certificates.crt",
                                             "/etc/pki/tls/certs/ca-bundle.crt",
                                             "/etc/ssl/ca-bundle.pem"};
  for (const auto* file : known) {
    if (::access((root + file).c_str(), R_OK) == 0) return root + file;
  }
  return {};
}

bool has_system_roots(const std::string& root) {
  for (const auto* variable : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    if (std::getenv(variable) != nullptr) return true;
  }
  std::error_code ignored;
  const std::filesystem::directory_iterator folder(root + "/etc/ssl/certs", ignored);
  return begin(folder) != end(folder) || !system_ca_file(root).empty();
}

}  // namespace shoal::common
