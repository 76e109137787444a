// Where the samples of one output gather, whatever its format: the rules of the section are applied
// and what breaks them is counted. Not thread-safe; borrows the rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/exec_output.h"

namespace shoal::run {

inline constexpr std::size_t longest_quote = 80;

class SampleSink {
 public:
  SampleSink(const MetricRules& rules, WallTime scheduled, WallTime finished)
      : rules_(rules), scheduled_(scheduled), finished_(finished) {}

  // What is said from now on is said of the next line. False if it is too long to be one; it is
  // dropped then.
  bool begin_line(std::string_view line);
  std::uint64_t line() const { return line_; }

  // `sample` has the name that was printed; prefix, identifier and time are added: that of the
  // round, or, if the rules say so, the printed one in seconds, which is to be less than 15 minutes
  // from now. Of two with one name, labels and time the later counts. Dropped if it is not sound.
  void keep(record::Sample sample, std::optional<std::int64_t> printed_time);

  // Counts one thing that could not be read, and says so with the line.
  void drop(std::string_view fault);
  void note(std::string fault) { parsed_.note(std::move(fault)); }

  const MetricRules& rules() const { return rules_; }
  ParsedOutput take() { return std::move(parsed_); }

 private:
  struct Identity {
    std::string name;
    std::vector<record::Label> labels;
    WallTime time;
    auto operator<=>(const Identity&) const = default;
  };

  std::optional<WallTime> stamp(std::string_view name, std::optional<std::int64_t> printed_time);
  void put(record::Sample sample, std::string_view printed_name);

  const MetricRules& rules_;
  const WallTime scheduled_;
  const WallTime finished_;
  std::uint64_t line_ = 0;
  std::map<Identity, std::size_t> positions_;
  ParsedOutput parsed_;
};

// Hands each line of `text` that is short enough to `read_line(line, sink)`.
using ReadLine = void (&)(std::string_view line, SampleSink& sink);
ParsedOutput read_lines(std::string_view text, SampleSink sink, ReadLine read_line);
// Likewise, without the blanks before a line, those that are empty and those that begin with "#".
ParsedOutput read_commented_lines(std::string_view text, SampleSink sink, ReadLine read_line);

// `text` as a dotted name: what is none of [A-Za-z0-9_.-] becomes "_".
std::string dotted_name(std::string_view text);

// A time in seconds, or in a finer unit: of more than ten digits the first ten are the seconds.
std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace shoal::run
