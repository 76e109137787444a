// shoal ack: someone has seen the problem of a check and wants no reminders.
#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

#include <fmt/core.h>

#include "agent/acknowledgement.h"
#include "agent/commands.h"
#include "base/error.h"
#include "base/quantity.h"
#include "control/status_server.h"

namespace shoal::agent {
namespace {

// Behind sudo, the person in front of it.
std::string user_name() {
  const char* before_sudo = std::getenv("SUDO_USER");
  if (before_sudo != nullptr && *before_sudo != '\0') return before_sudo;
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr ? fmt::format("uid {}", ::getuid()) : entry->pw_name;
}

}  // namespace

int acknowledge(const Arguments& arguments) {
  AcknowledgementRequest request{.job = arguments.operands.front(),
                                 .by = user_name(),
                                 .comment = arguments.value("comment").value_or(""),
                                 .is_removal = arguments.has("remove")};
  if (const auto text = arguments.value("for")) {
    request.duration = parse_duration(*text);
    if (!request.duration || request.duration->count() == 0) {
      throw UsageError(
          fmt::format("--for: expected a duration like 30m, 2h or 1d, got \"{}\"", *text));
    }
  }
  const control::Answer answer =
      control::ask(socket_path(arguments), "POST", "/ack", to_json(request));
  if (answer.status != 200) throw Error(answer.body);
  fmt::print("{}: {}\n", request.job,
             request.is_removal ? "no longer acknowledged" : "acknowledged");
  return 0;
}

}  // namespace shoal::agent
