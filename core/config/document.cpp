#include "config/document.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>
#include <toml++/toml.h>

namespace shoal::config {

namespace {

unsigned line_of(const toml::source_region& region) {
  return static_cast<unsigned>(region.begin.line);
}

// Copies what the library parsed, each value with the line of its key.
class Copier {
 public:
  explicit Copier(const std::string& file) : file_(file) {}

  Table copy(const toml::table& table) const {
    Table copied;
    copied.reserve(table.size());
    for (const auto& [key, node] : table) {
      copied.push_back({std::string(key.str()), copy(node, line_of(key.source()))});
    }
    return copied;
  }

 private:
  Value copy(const toml::node& node, unsigned line) const {
    Value value{.content = DateOrTime{}, .where = {file_, line}};
    if (const auto* table = node.as_table()) value.content = copy(*table);
    if (const auto* array = node.as_array()) value.content = copy(*array);
    if (const auto* text = node.as_string()) value.content = text->get();
    if (const auto* number = node.as_integer()) value.content = number->get();
    if (const auto* number = node.as_floating_point()) value.content = number->get();
    if (const auto* flag = node.as_boolean()) value.content = flag->get();
    return value;
  }

  Array copy(const toml::array& array) const {
    Array copied;
    copied.reserve(array.size());
    for (const toml::node& node : array) copied.push_back(copy(node, line_of(node.source())));
    return copied;
  }

  const std::string& file_;
};

std::string describe(const toml::parse_error& error) {
  std::string text(error.description());
  if (!text.empty()) text.front() = to_lower(text.substr(0, 1)).front();
  return "not valid TOML: " + text;
}

// Walks over TOML text just closely enough to tell what is inside strings and comments.
class KeyScanner {
 public:
  explicit KeyScanner(std::string_view text) : rest_(text) {}

  unsigned find_overlong() {
    while (!rest_.empty() && dots_ < most_parts) step();
    return dots_ < most_parts ? 0 : line_;
  }

 private:
  static constexpr unsigned most_parts = 16;

  void step() {
    const char c = rest_.front();
    if (c == '"' || c == '\'') return skip_string(c);
    if (c == '#') return skip_comment();
    if (c == '\n') ++line_;
    if (c == '.') ++dots_;
    if (std::string_view("=,{}[]\n").find(c) != std::string_view::npos) dots_ = 0;
    rest_.remove_prefix(1);
  }

  void skip_comment() { rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())); }

  void skip_string(char quote) {
    const std::string triple(3, quote);
    const bool is_multiline = rest_.starts_with(triple);
    const std::string_view end = is_multiline ? std::string_view(triple) : rest_.substr(0, 1);
    rest_.remove_prefix(end.size());
    while (!rest_.empty() && !rest_.starts_with(end)) {
      if (rest_.front() == '\n' && !is_multiline) return;  // broken: the parser will say so
      if (rest_.front() == '\n') ++line_;
      const bool is_escape = quote == '"' && rest_.front() == '\\' && rest_.size() > 1;
      if (is_escape && rest_[1] == '\n') ++line_;
      rest_.remove_prefix(is_escape ? 2 : 1);
    }
    rest_.remove_prefix(std::min(end.size(), rest_.size()));
  }

  std::string_view rest_;
  unsigned line_ = 1;
  unsigned dots_ = 0;
};

}  // namespace

unsigned line_with_overlong_key(std::string_view text) {
  return KeyScanner(text).find_overlong();
}

std::optional<Table> parse_document(std::string_view text, const std::string& file,
                                    Problems& problems) {
  if (const unsigned line = line_with_overlong_key(text)) {
    problems.fail({file, line}, "a key has more than 16 parts");
    return std::nullopt;
  }
  try {
    return Copier(file).copy(toml::parse(text));
  } catch (const toml::parse_error& error) {
    problems.fail({file, line_of(error.source())}, describe(error));
    return std::nullopt;
  }
}

}  // namespace shoal::config
