#include "plugin/suspects.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"

namespace shoal::plugin {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_suspects = 100;

Json to_json(const Suspect& suspect) {
  return {{"time_ns", unix_nanoseconds(suspect.time)},
          {"file", suspect.file},
          {"content", suspect.content},
          {"job", suspect.job},
          {"during", suspect.during},
          {"cause", suspect.cause}};
}

Suspect from_json(const Json& json) {
  return {.time = from_unix_nanoseconds(json.at("time_ns").get<std::int64_t>()),
          .file = json.at("file"),
          .content = json.at("content"),
          .job = json.at("job"),
          .during = json.at("during"),
          .cause = json.at("cause")};
}

std::vector<Suspect> read(const std::string& file) try {
  std::ifstream stream(file);
  if (!stream) return {};
  std::vector<Suspect> suspects;
  for (const Json& one : Json::parse(stream)) suspects.push_back(from_json(one));
  return suspects;
} catch (const Json::exception& error) {
  log::warning("{}: expected a list of plugins that run apart, ignored: {}", file, error.what());
  return {};
}

}  // namespace

Suspects::Suspects(std::string file) : file_(std::move(file)), suspects_(read(file_)) {}

void Suspects::add(const std::vector<Suspect>& suspects) {
  const std::lock_guard lock(mutex_);
  for (const Suspect& added : suspects) {
    std::erase_if(suspects_, [&](const Suspect& one) { return one.content == added.content; });
    suspects_.push_back(added);
  }
  if (suspects_.size() > most_suspects) {
    suspects_.erase(suspects_.begin(), suspects_.end() - most_suspects);
  }
  if (!suspects.empty()) write();
}

void Suspects::write() const {
  Json list = Json::array();
  for (const Suspect& one : suspects_) list.push_back(to_json(one));
  const auto draft = file_ + ".draft";
  std::ofstream stream(draft, std::ios::trunc);
  stream << list.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  const bool is_written = stream.flush().good();
  stream.close();
  if (is_written && std::rename(draft.c_str(), file_.c_str()) == 0) return;
  log::error("{}: cannot be written: {}; which plugins run apart is forgotten at the next start",
             file_, errno_text(errno));
}

std::optional<Suspect> Suspects::find(std::string_view content) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(suspects_.begin(), suspects_.end(),
                                  [&](const Suspect& one) { return one.content == content; });
  if (found == suspects_.end()) return std::nullopt;
  return *found;
}

std::string to_text(const Suspect& suspect) {
  if (suspect.during.empty()) {
    return fmt::format("{} (of {}) is suspected of having taken the agent down: {}", suspect.file,
                       suspect.job, suspect.cause);
  }
  return fmt::format("{} took the agent down in {} of {}: {}", suspect.file, suspect.during,
                     suspect.job, suspect.cause);
}

}  // namespace shoal::plugin
