// What the dynamic linker thinks of a shared object: missing libraries, versions and symbols. Asked
// in a child process that runs the linker itself in its tracing mode, so that nothing of the
// object, its constructors included, is run, and a file that crashes the linker crashes the child.
// Stateless; blocks for a few milliseconds, five seconds at most.
#pragma once

#include <string>
#include <string_view>

namespace shoal::plugin {

// One sentence about the first few things that are missing, empty when nothing is.
std::string linkage_fault(const std::string& file);

// The same from the linker's own words, as it prints them when tracing or as dlerror() gives them;
// empty if they complain of nothing.
std::string linkage_fault_in(std::string_view words);

}  // namespace shoal::plugin
