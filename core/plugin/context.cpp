#include "plugin/context.h"

#include <utility>

#include "base/utf8.h"
#include "plugin/plugin_log.h"

namespace shoal::plugin {
namespace {

constexpr std::size_t most_points = 100'000;
constexpr std::size_t most_bytes = 16ULL << 20;
constexpr std::string_view over_cap =
    "emitted more than the 100,000 points, or 16 MiB, that a round may have";
constexpr std::size_t longest_reason = 1024;
constexpr std::size_t longest_message = 8 * 1024;
constexpr std::size_t most_lines = 1000;
constexpr std::size_t longest_report = 64 * 1024;

// One line that is safe to show: control characters could drive the terminal of whoever reads it.
std::string to_line(std::string_view text, std::size_t limit) {
  auto line = to_utf8(text, limit);
  for (char& c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = ' ';
  }
  return line;
}

std::size_t bytes_of(const record::Sample& sample) {
  std::size_t bytes = sizeof(sample) + sample.name.size() + sample.custom_identifier.size();
  for (const auto& label : sample.labels) {
    bytes += sizeof(label) + label.key.size() + label.value.size();
  }
  return bytes;
}

}  // namespace

Context::Context(Settings settings, const Services& services)
    : settings_(std::move(settings)),
      services_(services),
      options_(settings_.options_json),
      series_(settings_.series) {}

void Context::log(std::uint32_t level, std::string_view message) {
  {
    const std::lock_guard lock(mutex_);
    if (++lines_ > most_lines) return;
  }
  services_.log->write(level, settings_.job, to_line(message, longest_message));
}

void Context::explain(std::string_view reason) {
  auto line = to_line(reason, longest_reason);
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::idle && !is_abandoned_) said_.reason = std::move(line);
}

shoal_status Context::declare(SeriesDefinition definition, std::uint32_t& handle) {
  std::string fault;
  {
    const std::lock_guard lock(mutex_);
    if (is_abandoned_) return SHOAL_CANCELLED;
    auto declared = series_.declare(std::move(definition));
    if (const auto* known = std::get_if<std::uint32_t>(&declared)) {
      handle = *known;
      return SHOAL_OK;
    }
    fault = std::get<std::string>(std::move(declared));
  }
  explain(fault);
  return SHOAL_FAILED;
}

shoal_status Context::emit(std::span<const shoal_point> points) {
  const std::lock_guard lock(mutex_);
  if (!is_round()) return SHOAL_CANCELLED;
  bool is_all_taken = true;
  for (const auto& point : points) is_all_taken &= take(point);
  return is_all_taken ? SHOAL_OK : SHOAL_FAILED;
}

shoal_status Context::report(std::uint32_t status, std::string_view text,
                             const shoal_array& points) {
  const std::lock_guard lock(mutex_);
  if (!is_round()) return SHOAL_CANCELLED;
  const bool is_known = status <= SHOAL_CHECK_UNKNOWN;
  said_.report = Report{is_known ? static_cast<record::Status>(status) : record::Status::unknown,
                        to_utf8(text, longest_report)};
  bool is_all_taken = true;
  for (std::uint32_t i = 0; i < points.count; ++i) {
    is_all_taken &= take(*SHOAL_AT(shoal_point, points, i));
  }
  return is_all_taken ? SHOAL_OK : SHOAL_FAILED;
}

bool Context::take(const shoal_point& point) {
  if (point_count_ == most_points || sample_bytes_ >= most_bytes) {
    if (said_.reason.empty())
      said_.reason = "a round takes 100,000 points or 16 MiB, the rest is dropped";
    ++said_.dropped;
    if (said_.reason.empty()) said_.reason = over_cap;
    return false;
  }
  ++point_count_;
  if (settings_.is_verbatim) return take_verbatim(point);
  record::Sample sample;
  switch (series_.take(point, sample)) {
    case SeriesTable::Fate::sample:
      sample_bytes_ += bytes_of(sample);
      said_.samples.push_back(std::move(sample));
      return true;
    case SeriesTable::Fate::silent:
      return true;
    case SeriesTable::Fate::dropped:
      ++said_.dropped;
      return false;
  }
  return false;
}

bool Context::take_verbatim(const shoal_point& point) {
  if (!series_.is_sound(point)) {
    ++said_.dropped;
    return false;
  }
  said_.points.push_back(point);
  return true;
}

SeriesMemory Context::memory() const {
  const std::lock_guard lock(mutex_);
  return series_.memory();
}

void Context::adopt(SeriesMemory memory) {
  const std::lock_guard lock(mutex_);
  series_.adopt(std::move(memory));
}

SeriesDefinition Context::definition(std::uint32_t handle) {
  const std::lock_guard lock(mutex_);
  return series_.definition(handle);
}

void Context::begin(Phase phase, const Call& call) {
  const std::lock_guard lock(mutex_);
  if (lines_ > most_lines) {
    services_.log->write(
        SHOAL_LOG_WARNING, settings_.job,
        std::to_string(lines_ - most_lines) + " more lines were logged and are not shown");
  }
  lines_ = 0;
  phase_ = phase;
  said_ = {};
  point_count_ = 0;
  sample_bytes_ = 0;
  cancel_.store(is_abandoned_ ? 1 : 0);
  if (phase == Phase::round) series_.begin_round(call.scheduled, services_.clock.steady());
}

Context::Said Context::end() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::idle;
  auto said = std::exchange(said_, {});
  said.is_abandoned = is_abandoned_;
  return said;
}

void Context::cancel() noexcept {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::idle) cancel_.store(1);
}

void Context::abandon() noexcept {
  const std::lock_guard lock(mutex_);
  is_abandoned_ = true;
  cancel_.store(1);
  said_ = {};
}

}  // namespace shoal::plugin
