#include "plugin/crash_log.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "base/error.h"
#include "base/unique_fd.h"

namespace shoal::plugin {
namespace {

namespace files = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t most_reports = 100;

std::string stamp(WallTime time) {
  const std::time_t seconds = unix_seconds(time);
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &calendar);
  return text.data();
}

// A job's name may hold whatever a key of TOML may.
std::string as_file_name(std::string job) {
  for (char& c : job) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '.') c = '-';
  }
  return job.substr(0, 100);
}

std::vector<files::path> reports_in(const std::string& directory) {
  std::vector<files::path> found;
  std::error_code ignored;
  for (const auto& entry : files::directory_iterator(directory, ignored)) {
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  return found;
}

std::optional<CrashReport> parse_report(const Json& json) try {
  return CrashReport{.time = from_unix_nanoseconds(json.at("time_ns").get<std::int64_t>()),
                     .job = json.at("job"),
                     .file = json.at("file"),
                     .version = json.at("version"),
                     .cause = json.at("cause"),
                     .during = json.at("during"),
                     .pid = json.at("pid"),
                     .module = json.at("module"),
                     .offset = json.at("offset"),
                     .build_id = json.at("build_id"),
                     .address = json.at("address"),
                     .last_lines = json.at("last_lines")};
} catch (const Json::exception&) {
  return std::nullopt;
}

std::optional<CrashReport> read_report(const files::path& file) {
  std::ifstream stream(file);
  const auto json = Json::parse(stream, nullptr, false);
  return json.is_object() ? parse_report(json) : std::nullopt;
}

}  // namespace

CrashLog::CrashLog(std::string directory) : directory_(std::move(directory)) {}

void CrashLog::add(const CrashReport& report) {
  mkdir(directory_.c_str(), 0700);
  const auto base =
      fmt::format("{}/{}-{}", directory_, stamp(report.time), as_file_name(report.job));
  UniqueFd fd;
  for (int copy = 1; !fd && copy < 1000; ++copy) {
    const auto path = copy == 1 ? base + ".json" : fmt::format("{}-{}.json", base, copy);
    fd.reset(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd && errno != EEXIST) {
      throw Error(fmt::format("write crash report {}: {}", path, errno_text(errno)));
    }
  }
  const auto json = to_json(report);
  if (write(fd.get(), json.data(), json.size()) != static_cast<ssize_t>(json.size())) {
    throw Error(fmt::format("write crash report {}: {}", base, errno_text(errno)));
  }
  remove_oldest();
}

std::vector<CrashLog::Entry> CrashLog::list() const {
  std::vector<Entry> entries;
  for (const auto& file : reports_in(directory_)) {
    if (auto report = read_report(file)) {
      entries.push_back({file.stem().string(), *std::move(report)});
    }
  }
  return entries;
}

void CrashLog::remove_oldest() const {
  const auto found = reports_in(directory_);
  std::error_code ignored;
  for (std::size_t i = most_reports; i < found.size(); ++i) files::remove(found[i], ignored);
}

std::string to_json(const CrashReport& report) {
  const Json json{{"time_ns", unix_nanoseconds(report.time)},
                  {"job", report.job},
                  {"file", report.file},
                  {"version", report.version},
                  {"cause", report.cause},
                  {"during", report.during},
                  {"pid", report.pid},
                  {"module", report.module},
                  {"offset", report.offset},
                  {"build_id", report.build_id},
                  {"address", report.address},
                  {"last_lines", report.last_lines}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string build_id_of(const std::string& file) {
  constexpr std::size_t most_head = 64UL * 1024;
  // The rest of a note's head, after its two sizes: type 3, owner "GNU".
  constexpr std::string_view mark{"\3\0\0\0GNU\0", 8};
  constexpr std::size_t sizes = 8;
  std::string head(most_head, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  const auto at = head.find(mark);
  if (at == std::string::npos || at < sizes) return {};
  const auto size = static_cast<unsigned char>(head[at - 4]);
  std::string id;
  for (const char byte : head.substr(at + mark.size(), size)) {
    id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return id;
}

}  // namespace shoal::plugin
