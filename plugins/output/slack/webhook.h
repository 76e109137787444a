// An incoming webhook: posts one message, and says what each answer means. Its URL is a secret and
// is in no message of ours. For the thread of the call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

namespace shoal::slack {

// An answer other than "ok".
class PostFailure : public Failure {
 public:
  PostFailure(const std::string& reason, shoal_status status, std::uint32_t retry_after_ms)
      : Failure(reason, status), retry_after_ms_(retry_after_ms) {}
  PostFailure about_channel(std::string word) const {
    auto same = *this;
    same.refused_channel_word_ = std::move(word);
    return same;
  }

  // 0: as the host thinks best.
  std::uint32_t retry_after_ms() const { return retry_after_ms_; }
  // Only the channel that the message asked for is refused, in this word of Slack's.
  bool is_about_channel() const { return !refused_channel_word_.empty(); }
  const std::string& word() const { return refused_channel_word_; }

 private:
  std::uint32_t retry_after_ms_;
  std::string refused_channel_word_;
};

// What an HTTP status other than success means for the message.
shoal_status meaning_of(int http_status);

class Webhook {
 public:
  // Reads the options webhook, proxy and ca_file. Throws Failure for wrong ones.
  explicit Webhook(const Options& options);

  // Returns when Slack has it. Throws PostFailure for what Slack answered else, Failure if there
  // was no answer.
  void post(const Call& call, std::string payload) const;

 private:
  HttpRequest request_;
};

}  // namespace shoal::slack
