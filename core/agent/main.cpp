// The program shoal. Exit codes: 0 ok, 1 failed, 2 usage.

#include <fmt/core.h>

#include "agent/commands.h"

namespace {

int fail(const std::exception& error, int code) {
  fmt::print(stderr, "shoal: {}\n", error.what());
  return code;
}

}  // namespace

int main(int argc, char** argv) try {
  return shoal::agent::run_command(shoal::agent::parse_arguments({argv + 1, argv + argc}));
} catch (const shoal::agent::UsageError& error) {
  return fail(error, 2);
} catch (const std::exception& error) {
  return fail(error, 1);
}
