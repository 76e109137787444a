#include "run/nagios_perfdata.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/utf8.h"
#include "run/go_float.h"
#include "run/sample_sink.h"

namespace shoal::run {
namespace {

constexpr double kibi = 1024;

struct Unit {
  std::string_view written;
  double factor;
  std::string_view unit;
};
constexpr std::array units{
    Unit{"s", 1, "seconds"},
    Unit{"ms", 1e-3, "seconds"},
    Unit{"us", 1e-6, "seconds"},
    Unit{"\u00b5s", 1e-6, "seconds"},
    Unit{"ns", 1e-9, "seconds"},
    Unit{"%", 1, "percentage"},
    Unit{"B", 1, "bytes"},
    Unit{"bytes", 1, "bytes"},
    Unit{"KB", kibi, "bytes"},
    Unit{"kB", kibi, "bytes"},
    Unit{"KiB", kibi, "bytes"},
    Unit{"MB", kibi* kibi, "bytes"},
    Unit{"MiB", kibi* kibi, "bytes"},
    Unit{"GB", kibi* kibi* kibi, "bytes"},
    Unit{"GiB", kibi* kibi* kibi, "bytes"},
    Unit{"TB", kibi* kibi* kibi* kibi, "bytes"},
    Unit{"TiB", kibi* kibi* kibi* kibi, "bytes"},
    Unit{"PB", kibi* kibi* kibi* kibi* kibi, "bytes"},
    Unit{"PiB", kibi* kibi* kibi* kibi* kibi, "bytes"},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Between items. A further "|" is a slip that costs nothing.
bool is_gap(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == '|';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Where the number at the front of `text` ends; a comma is a point if there is no point.
std::size_t number_end(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t begin = at;
  at = digits_at(text, at);
  std::size_t digits = at - begin;
  const bool has_point = at < text.size() && (text[at] == '.' || text[at] == ',');
  if (has_point && (digits > 0 || (at + 1 < text.size() && is_digit(text[at + 1])))) {
    const std::size_t end = digits_at(text, at + 1);
    digits += end - at - 1;
    if (text[at] == '.' || end > at + 1) at = end;
  }
  if (digits == 0) return 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const bool has_sign = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+');
    const std::size_t exponent = at + (has_sign ? 2 : 1);
    if (const std::size_t end = digits_at(text, exponent); end > exponent) at = end;
  }
  return at;
}

std::optional<Quantity> parse_quantity(std::string_view text) {
  const std::size_t end = number_end(text);
  std::string number(text.substr(0, end));
  std::replace(number.begin(), number.end(), ',', '.');
  const std::optional<double> value = parse_go_float(number);
  if (!value) return std::nullopt;
  const std::string_view written = text.substr(end);
  if (written == "c") return Quantity{.value = *value, .is_counter = true};
  const auto* const unit = std::find_if(units.begin(), units.end(),
                                        [&](const Unit& one) { return one.written == written; });
  if (unit == units.end()) return Quantity{.value = *value};
  const double base = *value * unit->factor;
  if (!std::isfinite(base)) return std::nullopt;
  return Quantity{.value = base, .unit = unit->unit};
}

class Items {
 public:
  PerformanceData parse(std::string_view output, bool is_complete) {
    while (!output.empty()) {
      const std::size_t end = output.find('\n');
      read_line(output.substr(0, end), is_complete || end != std::string_view::npos);
      output.remove_prefix(end == std::string_view::npos ? output.size() : end + 1);
    }
    finish();
    return std::move(parsed_);
  }

 private:
  void read_line(std::string_view line, bool is_whole) {
    const bool is_first = std::exchange(is_first_line_, false);
    std::string_view items = line;
    if (!is_tail_) {
      const std::size_t bar = line.find('|');
      if (bar == std::string_view::npos) return;
      items.remove_prefix(bar + 1);
      is_tail_ = !is_first;
    }
    read_items(items, is_whole);
  }

  void read_items(std::string_view rest, bool is_whole) {
    while (true) {
      while (!rest.empty() && is_gap(rest.front())) rest.remove_prefix(1);
      if (rest.empty()) return;
      const auto [label, label_end] = take_label(rest);
      const std::size_t end = item_end(rest, label_end);
      if (end == rest.size() && !is_whole)
        return drop(rest, fmt::format("{} was cut off", quoted(rest, longest_quote)));
      read_item(rest.substr(0, end), label, label_end);
      rest.remove_prefix(end);
    }
  }

  // The label at the front, and where its "=" stands; npos if there is no label.
  static std::pair<std::string, std::size_t> take_label(std::string_view text) {
    if (text.front() == '\'') return take_quoted_label(text);
    std::size_t at = 0;
    while (at < text.size() && text[at] != '=' && text[at] != '\'' && !is_gap(text[at])) ++at;
    if (at == 0 || at == text.size() || text[at] != '=') return {"", std::string_view::npos};
    return {std::string(text.substr(0, at)), at};
  }

  static std::pair<std::string, std::size_t> take_quoted_label(std::string_view text) {
    std::string label;
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (text[at] == '\'') {
        if (++at == text.size() || text[at] != '\'') {
          const bool is_sound = !label.empty() && at < text.size() && text[at] == '=';
          return {std::move(label), is_sound ? at : std::string_view::npos};
        }
      }
      label += text[at];
    }
    return {"", std::string_view::npos};
  }

  static std::size_t item_end(std::string_view text, std::size_t label_end) {
    std::size_t at = label_end == std::string_view::npos ? 0 : label_end;
    while (at < text.size() && !is_gap(text[at])) ++at;
    return at;
  }

  void read_item(std::string_view item, const std::string& label, std::size_t label_end) {
    if (label_end == std::string_view::npos) {
      return drop(item, fmt::format("expected label=value, got {}", quoted(item, longest_quote)));
    }
    std::string_view value = item.substr(label_end + 1);
    value = value.substr(0, value.find(';'));
    if (value == "U") {
      has_any_ = true;
      return;
    }
    const std::optional<Quantity> quantity = parse_quantity(value);
    if (!quantity) {
      return drop(item, fmt::format("{}: expected a number, got {}", quoted(label, longest_quote),
                                    quoted(value, longest_quote)));
    }
    has_any_ = true;
    parsed_.data.push_back({label, *quantity});
  }

  void drop(std::string_view item, std::string fault) {
    if (parsed_.dropped++ == 0) first_dropped_ = item;
    if (parsed_.faults.size() < most_faults) {
      parsed_.faults.push_back("performance data: " + std::move(fault));
    }
  }

  // A "|" in a sentence for people is worth one line of log, not one for each word behind it.
  void finish() {
    if (has_any_ || parsed_.dropped < 2) return;
    parsed_.faults = {fmt::format("performance data: expected label=value, got none, from {} on",
                                  quoted(first_dropped_, longest_quote))};
  }

  PerformanceData parsed_;
  std::string_view first_dropped_;
  bool is_first_line_ = true;
  bool is_tail_ = false;  // everything from here on is performance data
  bool has_any_ = false;
};

}  // namespace

PerformanceData parse_nagios_perfdata(std::string_view output, bool is_complete) {
  return Items().parse(output, is_complete);
}

}  // namespace shoal::run
