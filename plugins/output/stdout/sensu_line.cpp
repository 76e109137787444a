#include "sensu_line.h"

#include "common/folded_name.h"
#include "number.h"

namespace shoal::stdout_output {

void append_sensu_line(std::string& lines, const shoal_record& record) {
  if (record.kind != SHOAL_RECORD_SAMPLE) return;
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  lines += common::folded_name(*record.sample);
  lines += '\t';
  append_value(lines, record.sample->value);
  lines += '\t';
  append_digits(lines, record.sample->time_ns / nanoseconds);
  lines += '\n';
}

}  // namespace shoal::stdout_output
