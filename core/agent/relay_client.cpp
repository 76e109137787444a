#include "agent/relay_client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "agent/configuration.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/quantity.h"
#include "plugin/http_client.h"
#include "relay/message.h"

namespace shoal::agent {
namespace {

using nlohmann::json;

// Each try; as slackboard's client has it.
constexpr std::chrono::seconds try_timeout{30};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string with_sign(std::string channel) {
  const bool has_sign = channel.starts_with('#') || channel.starts_with('@');
  return has_sign ? channel : "#" + channel;
}

json to_tag(const Letter& letter, const std::string& text) {
  return {{"tag", letter.tag},     {"host", host_name()},   {"text", text},
          {"level", letter.level}, {"title", letter.title}, {"sync", letter.is_sync}};
}

json to_channel(const Letter& letter, const std::string& text) {
  json payload{{"channel", with_sign(letter.channel)},
               {"username", letter.username},
               {"icon_emoji", letter.icon_emoji},
               {"parse", letter.parse}};
  const std::string colour =
      letter.colour.empty() ? std::string(relay::colour_of_level(letter.level)) : letter.colour;
  if (colour.empty() && letter.title.empty()) {
    payload["text"] = text;
  } else {
    payload["attachments"] = {{{"color", colour}, {"title", letter.title}, {"text", text}}};
  }
  return {{"payload", payload}, {"sync", letter.is_sync}};
}

bool is_worth_a_retry(const plugin::HttpOutcome& outcome) {
  if (outcome.status != plugin::CallStatus::ok) return true;
  const int status = outcome.response.status;
  return status == 429 || (status >= 500 && status != 501);
}

// The sentence of {"message": ...}, else what came, in one line.
std::string words_of(const plugin::HttpOutcome& outcome) {
  if (outcome.status != plugin::CallStatus::ok) return outcome.reason;
  const json body = json::parse(outcome.response.body, nullptr, false);
  const bool has_message = body.is_object() && body.contains("message");
  std::string words =
      has_message && body["message"].is_string() ? body["message"].get<std::string>() : "";
  return fmt::format("HTTP {}{}{}", outcome.response.status, words.empty() ? "" : ": ", words);
}

std::optional<std::chrono::milliseconds> duration_flag(const Arguments& arguments,
                                                       const char* flag) {
  const auto text = arguments.value(flag);
  if (!text) return std::nullopt;
  const auto duration = parse_duration(*text);
  if (!duration) {
    throw UsageError(fmt::format("--{}: expected a duration like 1s, got \"{}\"", flag, *text));
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

}  // namespace

Letter letter_of(const Arguments& arguments, const std::string& default_level) {
  const auto text = [&](const char* flag, const char* fallback) {
    return arguments.value(flag).value_or(fallback);
  };
  Letter letter{.tag = text("tag", ""),
                .channel = text("channel", ""),
                .level = arguments.value("level").value_or(default_level),
                .title = text("title", ""),
                .colour = text("color", ""),
                .username = text("username", "slackboard"),
                .icon_emoji = text("icon-emoji", ":clipboard:"),
                .parse = text("parse", "full"),
                .is_sync = arguments.has("sync")};
  if (letter.tag.empty() == letter.channel.empty()) {
    throw UsageError(
        fmt::format("shoal {}: expected --tag or --channel, got {}; see shoal {} --help",
                    arguments.command, letter.tag.empty() ? "neither" : "both", arguments.command));
  }
  if (!relay::is_level(letter.level)) {
    throw UsageError(
        fmt::format("--level: expected message, info, warn or crit, got \"{}\"", letter.level));
  }
  return letter;
}

RetryRules retry_rules_of(const Arguments& arguments) {
  RetryRules rules;
  if (const auto most = arguments.value("retry-max")) {
    const auto* const end = most->data() + most->size();
    const auto [stopped, fault] = std::from_chars(most->data(), end, rules.most);
    if (fault != std::errc() || stopped != end || rules.most < 0) {
      throw UsageError(fmt::format("--retry-max: expected a number, got \"{}\"", *most));
    }
  }
  rules.first_wait = duration_flag(arguments, "retry-wait-min").value_or(rules.first_wait);
  rules.longest_wait = duration_flag(arguments, "retry-wait-max").value_or(rules.longest_wait);
  return rules;
}

RelayClient::RelayClient(const Arguments& arguments) : rules_(retry_rules_of(arguments)) {
  const auto configuration = read_configuration(arguments);
  tls_module_ = configuration.settings.plugin_dir + "/shoal-tls.so";
  const char* from_environment = std::getenv("SLACKBOARD_SERVER");
  server_ = arguments.value("server").value_or(from_environment == nullptr ? "" : from_environment);
  while (server_.ends_with('/')) server_.pop_back();
  if (!server_.empty()) return;
  if (!configuration.errors.empty()) {
    throw Error(config::to_line(configuration.errors.front()));
  }
  if (!configuration.settings.relay) {
    throw UsageError(fmt::format(
        "shoal {}: expected --server, SLACKBOARD_SERVER or a section [relay] in {}, found none",
        arguments.command, main_file(arguments)));
  }
  const ListenAddress& listen = configuration.settings.relay->listen;
  server_ = (listen.path.empty() ? "" : "unix:") + to_text(listen);
}

std::string RelayClient::url_of(const std::string& path) const {
  if (server_.starts_with("unix:")) return "unix://" + server_.substr(5) + ":" + path;
  if (server_.find("://") == std::string::npos) return "http://" + server_ + path;
  return server_ + path;
}

void RelayClient::post(const Letter& letter, const std::string& text) const {
  const SystemClock clock;
  plugin::HttpClient client(clock, tls_module_);
  const bool is_direct = letter.tag.empty();
  const json body = is_direct ? to_channel(letter, text) : to_tag(letter, text);
  const plugin::HttpRequest request{
      .method = "POST",
      .url = url_of(is_direct ? "/notify-directly" : "/notify"),
      .headers = {{"Content-Type", "application/json"}},
      .body = body.dump(-1, ' ', false, json::error_handler_t::replace),
      .keep_alive = false,
      .timeout = try_timeout,
      .proxy = "direct"};
  const std::atomic<std::uint32_t> cancel = 0;
  auto wait = rules_.first_wait;
  for (int tries = 0;; ++tries) {
    const auto outcome = client.request(request, clock.steady() + try_timeout, cancel);
    if (outcome.status == plugin::CallStatus::ok && outcome.response.status == 200) return;
    if (tries == rules_.most || !is_worth_a_retry(outcome)) {
      throw Error(fmt::format("{}: {}", server_, words_of(outcome)));
    }
    const auto pause = std::min(std::max(wait, outcome.response.retry_after), rules_.longest_wait);
    fmt::print(stderr, "{}: {}; next try in {:.1f} s\n", server_, words_of(outcome),
               std::chrono::duration<double>(pause).count());
    std::this_thread::sleep_for(pause);
    wait = std::min(wait * 2, rules_.longest_wait);
  }
}

}  // namespace shoal::agent
