// A shared object as bytes: whether it is one this agent could load, and the manifest in it, found
// by a walk that trusts no offset. Runs nothing and knows nothing of files; stateless.
#pragma once

#include <string>
#include <string_view>

namespace shoal::plugin {

// The manifest's JSON inside `image`, borrowed from it. Throws PluginError, "FILE: ...", in one
// sentence for the first thing that is wrong: not ELF, another CPU, a program, truncated, no
// manifest, no entry function.
std::string_view manifest_in(const std::string& file, std::string_view image);

}  // namespace shoal::plugin
