// Users' regular expressions: RE2, the dialect of mackerel-agent, without catastrophic
// backtracking. Immutable after construction, so safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace shoal {

class Pattern {
 public:
  // Throws Error with RE2's reason when `text` does not compile.
  explicit Pattern(std::string_view text);

  // Why `text` does not compile, in the words of that Error; empty when it does.
  static std::string fault(std::string_view text);

  // Whether the pattern is found anywhere in `subject` (unanchored).
  bool found_in(std::string_view subject) const;
  const std::string& text() const { return text_; }

 private:
  struct Compiled;
  std::string text_;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace shoal
