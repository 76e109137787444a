#include "common/pattern.h"

#include <re2/re2.h>

#include <shoal/plugin.hpp>

namespace shoal::common {

Pattern::Pattern(const std::string& option, const std::string& text)
    : expression_(std::make_unique<re2::RE2>(text, re2::RE2::Quiet)) {
  if (!expression_->ok()) {
    throw Failure("option " + option + ": expected a regular expression, found \"" + text +
                      "\": " + expression_->error(),
                  SHOAL_CONFIG);
  }
}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

bool Pattern::found_in(std::string_view subject) const {
  return re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *expression_);
}

bool Pattern::has_group() const {
  return expression_->NumberOfCapturingGroups() > 0;
}

std::string_view Pattern::group_in(std::string_view subject) const {
  re2::StringPiece group;
  if (!re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *expression_,
                              &group) ||
      group.data() == nullptr) {
    return {};
  }
  return {group.data(), group.size()};
}

std::optional<Pattern> pattern_option(const Options& options, const std::string& name) {
  const auto text = options.text("/" + name);
  if (text.empty()) return std::nullopt;
  return Pattern(name, text);
}

}  // namespace shoal::common
