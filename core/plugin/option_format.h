// What a text option is beyond a text, as "format" in its schema says: so that a pattern that does
// not compile or a threshold that cannot be read is refused with file and line, before the plugin
// is loaded. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace shoal::plugin {

// Whether a number may be written in place of the text; the plugin gets it as text all the same.
bool takes_numbers(std::string_view format);

// What is wrong with `text`, as one clause: "expected ..., got SHOWN". Empty if all is well, or if
// only newer hosts know the format.
std::string format_fault(std::string_view format, const std::string& text,
                         const std::string& shown);

}  // namespace shoal::plugin
