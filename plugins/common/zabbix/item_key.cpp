#include "common/zabbix/item_key.h"

#include <algorithm>
#include <cstddef>

#include <shoal/plugin.hpp>

#include "common/words.h"

namespace shoal::zabbix {
namespace {

// Servers take no longer ones either.
constexpr std::size_t longest_key = 2048;
constexpr std::size_t longest_component = 100;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
  return is_alphanumeric(c) || c == '_' || c == '-' || c == '.';
}

// NAME or NAME[PARAMETER,...]; a parameter is bare, "quoted", or [an,array] of those.
class Reader {
 public:
  explicit Reader(std::string_view key) : key_(key) {}

  // Both return what was expected where it stopped; empty if all is well.
  std::string read() {
    while (is_name_character(peek())) ++at_;
    if (at_ == 0) return "a letter, a digit, \"_\", \"-\" or \".\"";
    if (is_at_end()) return {};
    if (!take('[')) return "\"[\" or the end";
    if (auto expected = read_parameters(true); !expected.empty()) return expected;
    return is_at_end() ? std::string() : "the end";
  }

  std::string found() const {
    return is_at_end() ? "the end" : common::quoted(key_.substr(at_, 1));
  }
  std::size_t position() const { return at_ + 1; }

 private:
  bool is_at_end() const { return at_ == key_.size(); }
  char peek() const { return is_at_end() ? '\0' : key_[at_]; }
  bool take(char c) {
    if (is_at_end() || key_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Up to and with the "]".
  std::string read_parameters(bool may_hold_arrays) {
    do {
      while (take(' ')) {
      }
      if (auto expected = read_parameter(may_hold_arrays); !expected.empty()) return expected;
    } while (take(','));
    return take(']') ? std::string() : "\",\" or \"]\"";
  }

  std::string read_parameter(bool may_hold_arrays) {
    if (peek() == '[' && !may_hold_arrays) return "no array within an array";
    if (take('[')) return skip_blanks_after(read_parameters(false));
    if (take('"')) return skip_blanks_after(read_quoted());
    while (!is_at_end() && peek() != ',' && peek() != ']') ++at_;
    return {};
  }

  std::string skip_blanks_after(std::string expected) {
    while (expected.empty() && take(' ')) {
    }
    return expected;
  }

  // Behind the first quote; a backslash protects only a quote.
  std::string read_quoted() {
    for (; !is_at_end(); ++at_) {
      if (key_.substr(at_).starts_with("\\\"")) {
        ++at_;
      } else if (take('"')) {
        return {};
      }
    }
    return "a closing quote";
  }

  std::string_view key_;
  std::size_t at_ = 0;
};

}  // namespace

std::string item_key_fault(std::string_view key) {
  if (key.size() > longest_key) {
    return "expected at most " + std::to_string(longest_key) + " bytes, found " +
           std::to_string(key.size());
  }
  for (const char c : key) {
    if (c == '\n' || c == '\r' || c == '\0') return "expected one line, found a line end or NUL";
  }
  Reader reader(key);
  const auto expected = reader.read();
  if (expected.empty()) return {};
  return "expected " + expected + " at character " + std::to_string(reader.position()) +
         ", found " + reader.found();
}

void require_item_key(const std::string& option, std::string_view key) {
  const auto fault = item_key_fault(key);
  if (fault.empty()) return;
  throw Failure("option " + option + ": " + common::quoted(key) + ": " + fault, SHOAL_CONFIG);
}

std::string component_of(std::string_view key) {
  std::string component;
  for (const char c : key.substr(0, longest_key)) {
    if (is_alphanumeric(c) || c == '-') {
      component += c;
    } else if (!component.empty() && component.back() != '_') {
      component += '_';
    }
  }
  component.resize(std::min(component.size(), longest_component));
  while (!component.empty() && component.back() == '_') component.pop_back();
  return component.empty() ? "_" : component;
}

}  // namespace shoal::zabbix
