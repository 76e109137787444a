#include "run/go_float.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <locale.h>
#include <string>

namespace shoal::run {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_hex_digit(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool is_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != word[i]) return false;
  }
  return true;
}

// Reads a literal from left to right and keeps it as strtod wants it: without underscores.
class Literal {
 public:
  explicit Literal(std::string_view text) : rest_(text) {}

  bool read() {
    read_sign();
    is_hex_ = starts_with_hex_prefix();
    if (is_hex_) take(2);
    // Behind "0x" an underscore stands as behind a digit.
    is_behind_digit_ = is_hex_;
    return read_mantissa() && read_exponent() && rest_.empty();
  }
  const std::string& plain() const { return plain_; }

 private:
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }

  void take(std::size_t count) {
    plain_ += rest_.substr(0, count);
    rest_.remove_prefix(count);
  }

  void read_sign() {
    if (front() == '+' || front() == '-') take(1);
  }

  bool starts_with_hex_prefix() const {
    return rest_.size() > 2 && rest_[0] == '0' && lower(rest_[1]) == 'x';
  }

  // Digits with single underscores between them. False if an underscore stands elsewhere.
  bool read_digits(bool is_hex) {
    while (true) {
      if (is_hex ? is_hex_digit(front()) : is_digit(front())) {
        take(1);
        has_digits_ = true;
        is_behind_digit_ = true;
      } else if (front() == '_') {
        if (!is_behind_digit_) return false;
        rest_.remove_prefix(1);
        is_behind_digit_ = false;
        if (is_hex ? !is_hex_digit(front()) : !is_digit(front())) return false;
      } else {
        return true;
      }
    }
  }

  bool read_mantissa() {
    has_digits_ = false;
    if (!read_digits(is_hex_)) return false;
    if (front() == '.') {
      take(1);
      is_behind_digit_ = false;
      if (!read_digits(is_hex_)) return false;
    }
    return has_digits_;
  }

  bool read_exponent() {
    if (lower(front()) != (is_hex_ ? 'p' : 'e')) return !is_hex_;
    take(1);
    read_sign();
    has_digits_ = false;
    is_behind_digit_ = false;
    return read_digits(false) && has_digits_;
  }

  std::string_view rest_;
  std::string plain_;
  bool is_hex_ = false;
  bool has_digits_ = false;
  bool is_behind_digit_ = false;
};

// A plugin loaded into the agent may set a locale whose decimal point is a comma.
locale_t c_locale() {
  static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return locale;
}

std::optional<double> parse_special(std::string_view text) {
  if (is_word(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (!is_word(text, "inf") && !is_word(text, "infinity")) return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return is_negative ? -infinity : infinity;
}

}  // namespace

std::optional<double> parse_go_float(std::string_view text) {
  if (const std::optional<double> special = parse_special(text)) return special;
  Literal literal(text);
  if (!literal.read()) return std::nullopt;
  const double value = strtod_l(literal.plain().c_str(), nullptr, c_locale());
  if (std::isinf(value)) return std::nullopt;
  return value;
}

}  // namespace shoal::run
