#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/error.h"

namespace shoal::log {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "DEBUG";
    case Level::info:
      return "INFO";
    case Level::warning:
      return "WARNING";
    case Level::error:
      return "ERROR";
  }
  return "INFO";
}

spdlog::logger& logger() {
  // Never destroyed: threads may still log while the program ends.
  static auto& instance = *[] {
    auto* made = new spdlog::logger("shoal", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y/%m/%d %H:%M:%S %v");
    return made;
  }();
  return instance;
}

}  // namespace

void set_level(Level level) {
  logger().set_level(spdlog_level(level));
}

bool is_enabled(Level level) {
  return logger().should_log(spdlog_level(level));
}

Level parse_level(std::string_view text) {
  if (text == "debug") return Level::debug;
  if (text == "info") return Level::info;
  if (text == "warning" || text == "warn") return Level::warning;
  if (text == "error") return Level::error;
  throw Error(fmt::format("log level: expected debug, info, warning or error, got \"{}\"", text));
}

void write(Level level, std::string_view message) {
  logger().log(spdlog_level(level), "{} {}", name_of(level), message);
}

}  // namespace shoal::log
