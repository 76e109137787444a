// Options as a person types them, one word each, as the JSON that a configuration would hold.
// Stateless.
#pragma once

#include <map>
#include <string>

#include "plugin/manifest.h"

namespace shoal::plugin {

// Where the schema wants something other than text, a word is read as JSON: 3, true, ["a"]. What
// cannot be read, and what the schema does not know, stays text for check_options() to judge.
std::string options_from_words(const Manifest& manifest,
                               const std::map<std::string, std::string>& words);

}  // namespace shoal::plugin
