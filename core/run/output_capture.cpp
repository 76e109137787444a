#include "run/output_capture.h"

#include <algorithm>

namespace shoal::run {

void OutputCapture::append(std::string_view bytes) {
  const std::size_t kept = std::min(bytes.size(), limit_ - text_.size());
  text_ += bytes.substr(0, kept);
  lose(bytes.substr(kept));
}

void OutputCapture::lose(std::string_view bytes) {
  if (bytes.empty()) return;
  lost_bytes_ += bytes.size();
  lost_line_ends_ += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  is_lost_line_open_ = bytes.back() != '\n';
}

void OutputCapture::keep_whole_lines() {
  if (is_complete()) return;
  const std::size_t last_end = text_.rfind('\n');
  const std::size_t kept = last_end == std::string::npos ? 0 : last_end + 1;
  lost_bytes_ += text_.size() - kept;
  text_.resize(kept);
}

}  // namespace shoal::run
