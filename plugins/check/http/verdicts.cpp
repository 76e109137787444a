#include "verdicts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/fields.h"

namespace shoal::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 4> names{
    {{"ok", SHOAL_CHECK_OK},
     {"warning", SHOAL_CHECK_WARNING},
     {"critical", SHOAL_CHECK_CRITICAL},
     {"unknown", SHOAL_CHECK_UNKNOWN}}};

std::optional<int> parse_code(std::string_view text) {
  const auto code = common::to_number(text);
  if (!code || *code < 100 || *code > 999) return std::nullopt;
  return static_cast<int>(*code);
}

}  // namespace

std::optional<StatusRule> parse_status_rule(const std::string& text) {
  const auto equals = std::min(text.find('='), text.size());
  const auto codes = std::string_view(text).substr(0, equals);
  const auto dash = std::min(codes.find('-'), codes.size());
  const auto first = parse_code(codes.substr(0, dash));
  const auto last = dash == codes.size() ? first : parse_code(codes.substr(dash + 1));
  const auto* const known = std::find_if(names.begin(), names.end(), [&](const auto& name) {
    return equals < text.size() && text.substr(equals + 1) == name.first;
  });
  if (!first || !last || *first > *last || known == names.end()) return std::nullopt;
  return StatusRule{*first, *last, known->second};
}

std::uint32_t status_of(int code, const std::vector<StatusRule>& rules) {
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& one) {
    return code >= one.first && code <= one.last;
  });
  if (rule != rules.end()) return rule->status;
  if (code < 400) return SHOAL_CHECK_OK;
  return code < 500 ? SHOAL_CHECK_WARNING : SHOAL_CHECK_CRITICAL;
}

BodyRules::BodyRules(const Options& options)
    : pattern_text_(options.text("/pattern")),
      pattern_(common::pattern_option(options, "pattern")),
      exact_bytes_(options.integer("/bytes", -1)),
      least_bytes_(options.integer("/min_bytes")) {}

std::string BodyRules::fault_of(const std::string& body) const {
  const auto size = static_cast<std::int64_t>(body.size());
  if (pattern_ && !pattern_->found_in(body)) return "\"" + pattern_text_ + "\" not found";
  if (exact_bytes_ >= 0 && size != exact_bytes_) {
    return "expected " + std::to_string(exact_bytes_) + " bytes";
  }
  if (size < least_bytes_) return "expected at least " + std::to_string(least_bytes_) + " bytes";
  return {};
}

}  // namespace shoal::http
