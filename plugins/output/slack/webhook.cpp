#include "webhook.h"

#include <algorithm>
#include <array>

#include "slack_text.h"

namespace shoal::slack {
namespace {

// What a person has to cure is tried again so seldom that nobody is bothered.
constexpr std::uint32_t cure_wait_ms = 600'000;
constexpr std::size_t longest_word = 80;

struct Advice {
  std::string_view word;  // as Slack says it
  bool is_about_channel;
  std::string_view cure;
};
constexpr std::array<Advice, 12> advices{{
    {"invalid_token", false, "make a new webhook and put it into the option webhook"},
    {"no_service", false, "the webhook was removed: put a new one into the option webhook"},
    {"no_service_id", false, "the webhook is not whole: put the right one into the option webhook"},
    {"no_active_hooks", false, "the webhook is switched off: switch it on, or make a new one"},
    {"no_team", false, "the workspace is gone: put another webhook into the option webhook"},
    {"team_disabled", false, "the workspace is disabled"},
    {"action_prohibited", false, "an administrator of the workspace forbids it"},
    {"posting_to_general_channel_denied", true, "choose another channel"},
    {"channel_not_found", true, "the channel does not exist, or the webhook may not post there"},
    {"user_not_found", true, "there is no such user"},
    {"channel_is_archived", true, "take the channel out of the archive, or choose another"},
    {"is_archived", true, "take the channel out of the archive, or choose another"},
}};

const Advice* advice_on(std::string_view word) {
  const auto* const found = std::find_if(advices.begin(), advices.end(),
                                         [&](const Advice& one) { return one.word == word; });
  return found == advices.end() ? nullptr : found;
}

// Slack answers in one word; whatever else it is, it is shown in one short line.
std::string word_of(std::string_view body) {
  const auto begin = body.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  body = first_line(body.substr(begin));
  return shortened(body.substr(0, body.find_last_not_of(" \t\r") + 1), longest_word);
}

PostFailure failure_of(const HttpResponse& response) {
  const auto word = word_of(response.body);
  const auto* advice = advice_on(word);
  auto status = meaning_of(response.status);
  if (advice != nullptr) status = SHOAL_AUTH;
  auto reason = "Slack answers HTTP " + std::to_string(response.status);
  if (!word.empty()) reason += " " + word;
  if (advice != nullptr) reason += ": " + std::string(advice->cure);
  auto wait = response.retry_after_ms;
  if (status == SHOAL_AUTH) wait = std::max(wait, cure_wait_ms);
  const PostFailure failure(reason, status, wait);
  return advice != nullptr && advice->is_about_channel ? failure.about_channel(word) : failure;
}

}  // namespace

shoal_status meaning_of(int http_status) {
  switch (http_status) {
    case 401:
    case 403:
    case 404:
    case 407:
    case 410:
      return SHOAL_AUTH;
    case 408:
    case 425:
    case 429:
      return SHOAL_RETRY;
    default:
      return http_status >= 400 && http_status < 500 ? SHOAL_REJECTED : SHOAL_RETRY;
  }
}

Webhook::Webhook(const Options& options) {
  request_.method = "POST";
  request_.url = options.text("/webhook");
  if (!request_.url.starts_with("https://") && !request_.url.starts_with("http://")) {
    throw Failure("option webhook: expected a URL such as https://hooks.slack.com/services/...",
                  SHOAL_CONFIG);
  }
  request_.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  request_.timeout_ms = 15'000;
  request_.proxy = options.text("/proxy");
  request_.ca_file = options.text("/ca_file");
}

void Webhook::post(const Call& call, std::string payload) const {
  auto request = request_;
  request.body = std::move(payload);
  const auto response = call.http(request);
  if (response.status != 200) throw failure_of(response);
  // Something in between may answer in Slack's name; what it was sent would be lost.
  if (word_of(response.body) != "ok") {
    throw PostFailure("HTTP 200 \"" + word_of(response.body) +
                          "\" instead of \"ok\": something else answers for Slack; check webhook "
                          "and proxy",
                      SHOAL_RETRY, response.retry_after_ms);
  }
}

}  // namespace shoal::slack
