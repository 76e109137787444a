// Files that options name, looked at when an instance is made. Knows no TLS library. Pure functions
// but for the file system.
#pragma once

#include <string>

namespace shoal {
class Options;
}

namespace shoal::common {

// Throws Failure (SHOAL_CONFIG): option and file, and why it will not do.
[[noreturn]] void refuse_file(const char* option, const std::string& file,
                              const std::string& reason);

// The file's name again. Refuses one that cannot be read.
const char* readable_file(const char* option, const std::string& file);

// The option "ca_file": empty, or a file that can be read.
std::string ca_file_option(const Options& options);

}  // namespace shoal::common
