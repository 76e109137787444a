// Many events at once: a line that counts them, and all their names by status, over as many
// messages as Slack's sizes ask for. Pure functions.
#pragma once

#include "message.h"

namespace shoal::slack {

// "1000 changes on host.example: 990 CRITICAL, 10 OK".
std::string summary_line(const Items& items, const Scene& scene);

// Where all first lines of texts fit into one message they are there, else the names alone.
std::vector<Message> digest_of(const Items& items, const Scene& scene);

}  // namespace shoal::slack
