// Which files an `include` names. Reads directories.
#pragma once

#include <string>
#include <vector>

namespace shoal::config {

struct Included {
  std::vector<std::string> files;  // in lexical order, directory by directory
  std::string fault;               // why the pattern says nothing; empty when it is sound
};

// `*`, `?` and `[...]`, never across "/", as filepath.Glob of Go; no match is no fault.
Included expand_include(const std::string& pattern);

// "conf.d/*.conf" beside a main file named shoal.conf, else nothing.
std::string default_include(const std::string& main_file);

}  // namespace shoal::config
