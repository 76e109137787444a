// A sample as the line that sensu and mackerel-agent read from plugins. Pure function.
#pragma once

#include <string>

#include <shoal/records.h>

namespace shoal::stdout_output {

// "NAME<TAB>VALUE<TAB>EPOCH\n", with labels folded into the name; nothing for other kinds.
void append_sensu_line(std::string& lines, const shoal_record& record);

}  // namespace shoal::stdout_output
