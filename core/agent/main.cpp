// The program shoal. Exit codes: 0 ok, 1 failed, 2 usage; those of `shoal check` are the states of
// a check, 3 for all that goes wrong.

#include <string_view>

#include <fmt/core.h>

#include "agent/commands.h"

namespace {

// Whoever runs a check hears what stands on its output, and takes any other code for a state.
bool is_check(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == "check";
}

int fail_check(const std::exception& error) {
  fmt::print("UNKNOWN: {}\n", error.what());
  return 3;
}

int fail(const std::exception& error, int code) {
  fmt::print(stderr, "shoal: {}\n", error.what());
  return code;
}

}  // namespace

int main(int argc, char** argv) try {
  return shoal::agent::run_command(shoal::agent::parse_arguments({argv + 1, argv + argc}));
} catch (const shoal::agent::UsageError& error) {
  return is_check(argc, argv) ? fail_check(error) : fail(error, 2);
} catch (const std::exception& error) {
  return is_check(argc, argv) ? fail_check(error) : fail(error, 1);
}
