// What others wrote, made fit for Slack: UTF-8, no control characters or terminal colours, and &, <
// and > escaped, which also takes the power from "<!channel>". Lengths are in characters as sent,
// so that "&lt;" counts as four. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shoal::slack {

std::string escaped(std::string_view text);

// At most `most` characters; what is cut shows as "...".
std::string shortened(std::string_view text, std::size_t most);
// The same for texts of many lines; the end says how much is missing: "... (12 bytes cut)".
std::string excerpt(std::string_view text, std::size_t most);

// Of UTF-8 text.
std::size_t character_count(std::string_view text);

// What stands before the first line end, and what behind it.
std::string_view first_line(std::string_view text);
std::string_view further_lines(std::string_view text);

// A URL as it may stand in "<URL|label>": what would end it early is percent-encoded.
std::string safe_url(std::string_view url);

}  // namespace shoal::slack
