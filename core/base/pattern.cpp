#include "base/pattern.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include "base/error.h"

namespace shoal {

struct Pattern::Compiled {
  explicit Compiled(const std::string& text) : expression(text, RE2::Quiet) {}
  std::string fault() const {
    if (expression.ok()) return {};
    return fmt::format("pattern \"{}\" does not compile: {}", expression.pattern(),
                       expression.error());
  }
  RE2 expression;
};

Pattern::Pattern(std::string_view text)
    : text_(text), compiled_(std::make_shared<const Compiled>(text_)) {
  if (!compiled_->expression.ok()) throw Error(compiled_->fault());
}

std::string Pattern::fault(std::string_view text) {
  return Compiled(std::string(text)).fault();
}

bool Pattern::found_in(std::string_view subject) const {
  return RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), compiled_->expression);
}

}  // namespace shoal
