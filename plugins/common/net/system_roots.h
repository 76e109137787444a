// Where distributions keep the certificates that are trusted, for libraries that do not look there
// or do not tell when nothing is there. `root` goes before each path. Pure functions but for the
// file system.
#pragma once

#include <string>

namespace shoal::common {

// All of them in one PEM file; empty: there is none.
std::string system_ca_file(const std::string& root = {});

// Whether OpenSSL could find any, in a file, in a folder or where a variable says.
bool has_system_roots(const std::string& root = {});

// What a check says that has none.
extern const char* const no_system_roots;

}  // namespace shoal::common
