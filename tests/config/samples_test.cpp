// The samples in conf.d: they work, and the defaults they show in comments are the defaults.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <doctest/doctest.h>

#include "config/findings.h"

using namespace shoal::test;
using shoal::config::Environment;
using shoal::config::JobSettings;
using shoal::config::OutputSettings;
using shoal::config::read_text;
using shoal::config::Settings;

namespace {

std::vector<std::filesystem::path> samples() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(CONFIG_SAMPLES)) {
    if (entry.path().extension() == ".conf") files.push_back(entry.path());
  }
  return files;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// With the lines behind a single "#" in force.
std::string uncommented(const std::string& text) {
  std::istringstream lines(text);
  std::string in_force;
  for (std::string line; std::getline(lines, line);) {
    in_force += (line.starts_with("# ") ? line.substr(2) : line) + "\n";
  }
  return in_force;
}

Settings read_clean(const std::string& text, const std::filesystem::path& file) {
  auto result = read_text(text, file.string());
  CHECK(joined(error_lines(result)) == "");
  CHECK(joined(warning_lines(result)) == "");
  return result.settings;
}

std::string shown(const Environment& environment) {
  std::string text;
  for (const auto& [name, value] : environment) text += name + "=" + value + " ";
  return text;
}

std::string shown(const JobSettings& job) {
  std::ostringstream text;
  text << job.id() << " " << job.plugin << " " << job.options_json << " " << job.interval.count()
       << " " << job.timeout.count() << " " << job.user << " " << shown(job.env) << " "
       << job.metric_prefix << " " << job.custom_identifier << " "
       << job.include_pattern.has_value() << job.exclude_pattern.has_value()
       << job.use_plugin_timestamp << static_cast<int>(job.output_format)
       << job.prevent_alert_auto_close << " " << job.max_check_attempts.value_or(0) << job.memo
       << "\n";
  return text.str();
}

std::string shown(const OutputSettings& output) {
  std::ostringstream text;
  text << output.name << " " << output.plugin << " " << output.options_json << " "
       << output.timeout.count() << " " << shown(output.env) << " " << output.queue_limit_bytes
       << " " << output.queue_limit_age.count() << " " << joined(output.match.value_or(Lines{}))
       << "\n";
  return text.str();
}

std::string shown(const Settings& settings) {
  std::ostringstream text;
  text << settings.root << " " << settings.pidfile << " " << settings.plugin_dir << " "
       << static_cast<int>(settings.verbosity) << " " << settings.is_history_enabled << " "
       << settings.http_proxy << settings.https_proxy << " " << settings.cloud_platform << " "
       << settings.host_status_on_start << settings.host_status_on_stop << "\n";
  for (const auto& job : settings.jobs) text << shown(job);
  for (const auto& output : settings.outputs) text << shown(output);
  return text.str();
}

}  // namespace

TEST_SUITE("samples of configuration") {
  TEST_CASE("work as they stand") {
    CHECK_FALSE(samples().empty());
    for (const auto& file : samples()) {
      CAPTURE(file);
      read_clean(text_of(file), file);
    }
  }

  TEST_CASE("show defaults in their comments") {
    for (const auto& file : samples()) {
      CAPTURE(file);
      const std::string text = text_of(file);

      CHECK(uncommented(text) != text);
      CHECK(shown(read_clean(uncommented(text), file)) == shown(read_clean(text, file)));
    }
  }
}
