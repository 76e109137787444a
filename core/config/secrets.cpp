#include "config/secrets.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include "config/text_file.h"

namespace shoal::config {

namespace {

void strip_line_ends(std::string& text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
}

}  // namespace

std::optional<std::string> read_secret(const std::string& file, const Section& section,
                                       std::string_view key) {
  auto [text, fault] = read_text_file(file);
  if (fault.empty()) strip_line_ends(text);
  if (fault.empty() && text.empty()) fault = "is empty";
  if (!fault.empty()) {
    section.fail(key, fmt::format("expected a file with the secret, {} {}", file, fault));
    return std::nullopt;
  }
  advise_if_readable_by_all(file, "secret", section.problems());
  return text;
}

void advise_if_readable_by_all(const std::string& file, std::string_view secret,
                               Problems& problems) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || (status.st_mode & S_IROTH) == 0) return;
  problems.advise({file, 0}, fmt::format("holds the {} and can be read by every user; cure: "
                                         "chmod o-rwx {}",
                                         secret, file));
}

}  // namespace shoal::config
