// A user's regular expression: RE2, the dialect of mackerel-agent, found anywhere in its subject.
// Immutable, so safe from any thread. Costs nothing until one is made.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace shoal {
class Options;
}

namespace shoal::common {

class Pattern {
 public:
  // Throws shoal::Failure (SHOAL_CONFIG) with `option` and RE2's reason when `text` does not
  // compile.
  Pattern(const std::string& option, const std::string& text);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  bool found_in(std::string_view subject) const;

  // Whether it has a group "(...)", and what the first one holds in `subject`; empty if the pattern
  // is not found or the group took no part.
  bool has_group() const;
  std::string_view group_in(std::string_view subject) const;

 private:
  std::unique_ptr<re2::RE2> expression_;
};

// The option's pattern; nothing if it is absent or empty, so that `ignore = ""` ignores nothing.
std::optional<Pattern> pattern_option(const Options& options, const std::string& name);

// Whether there is a pattern and it is found.
inline bool matches(const std::optional<Pattern>& pattern, std::string_view subject) {
  return pattern && pattern->found_in(subject);
}

}  // namespace shoal::common
