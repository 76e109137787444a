#include "common/net/readable_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <shoal/plugin.hpp>

namespace shoal::common {

void refuse_file(const char* option, const std::string& file, const std::string& reason) {
  throw Failure(std::string("option ") + option + ": cannot use \"" + file + "\": " + reason,
                SHOAL_CONFIG);
}

const char* readable_file(const char* option, const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "re"),
                                                               &std::fclose);
  // A folder can be opened, but not read.
  if (opened == nullptr || (std::fgetc(opened.get()) == EOF && std::ferror(opened.get()) != 0)) {
    refuse_file(option, file, std::generic_category().message(errno));
  }
  return file.c_str();
}

std::string ca_file_option(const Options& options) {
  auto file = options.text("/ca_file");
  if (!file.empty()) readable_file("ca_file", file);
  return file;
}

}  // namespace shoal::common
