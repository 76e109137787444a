// How a plugin's process ended, and where, as its last words and its exit status tell. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/child_process.h"

namespace shoal::plugin {

// Of a shoal-plugin-host whose plugin has closed the socket under it.
constexpr int exit_code_of_lost_socket = 123;

struct Death {
  ExitStatus exit;
  // From the last words; empty or 0 if it had none.
  std::string module_path;  // the file that was mapped where it happened
  std::uint64_t module_offset = 0;
  std::string caller_path;  // the plugin's, if it happened elsewhere
  std::uint64_t caller_offset = 0;
  std::uint64_t address = 0;       // that could not be reached
  bool has_closed_socket = false;  // and was killed for that
};

// Reads what shoal-plugin-host's fault handler wrote. Lines it does not know are skipped.
Death parse_death(ExitStatus exit, std::string_view last_words);

// "ended by signal 11 (Segmentation fault) at nginx.so+0x1234", "exited with code 3". The private
// copy, `library`, is called by the name of `file`.
std::string to_text(const Death& death, const std::string& file, const std::string& library);

}  // namespace shoal::plugin
