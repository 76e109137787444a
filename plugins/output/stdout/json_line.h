// A record as one line of JSON; the README tells its shape. Pure function.
#pragma once

#include <string>

#include <shoal/records.h>

namespace shoal::stdout_output {

// One object and a newline, in whatever bytes: text that is not UTF-8 is repaired with U+FFFD, and
// the value of metadata is put on one line. Nothing for kinds not known here.
void append_json_line(std::string& lines, const shoal_record& record);

}  // namespace shoal::stdout_output
