// Whatever a configuration says, it is read without a crash, and what is handed on is sound: every
// problem and every setting has its place, and options are JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/reader.h"

namespace {

void require(bool is_true) {
  if (!is_true) std::abort();
}

bool is_object(std::string_view json) {
  return json.starts_with('{') && json.ends_with('}');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const ReadResult result = read_text(text, "mackerel-agent.conf");

  for (const Problem& error : result.errors) require(error.where.file == "mackerel-agent.conf");
  for (const Warning& warning : result.settings.warnings) require(!to_line(warning).empty());
  for (const JobSettings& job : result.settings.jobs) {
    require(is_object(job.options_json) && job.interval >= std::chrono::seconds(1));
  }
  for (const OutputSettings& output : result.settings.outputs) {
    require(is_object(output.options_json));
  }
  return 0;
}
