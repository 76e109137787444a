// Reads one HTTP/1.x answer from its bytes, however they are cut. Strict: an answer that is cut
// short, of another length than it says, or not HTTP is refused, never shortened.
// Knows nothing of sockets and clocks. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/http.h"

namespace shoal::plugin {

class HttpReader {
 public:
  enum class Body { by_header, none };  // none: answers to HEAD, and a proxy's to CONNECT

  HttpReader(Body body, std::size_t max_body_bytes) : body_(body), max_body_(max_body_bytes) {}

  // Takes the next bytes. Throws HttpFailure (CallStatus::retry).
  void take(std::string_view bytes);
  // The peer sends no more. Throws HttpFailure unless the answer is complete now.
  void end();

  bool is_complete() const { return state_ == State::complete; }
  // Whether the connection can carry another request: it stays open, and nothing followed.
  bool may_reuse() const { return is_complete() && keeps_alive_ && pending_.empty(); }

  // Status, headers and body; retry_after is left alone.
  HttpResponse release() { return std::move(response_); }

 private:
  enum class State {
    head,
    sized_body,
    body_until_end,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    complete
  };

  bool step();
  bool step_head();
  bool step_body();
  bool step_chunk_size();
  bool step_chunk_end();
  bool step_trailer();
  void parse_head(std::string_view head);
  void parse_status_line(std::string_view line);
  void parse_header(std::string_view line);
  void choose_body();
  std::optional<std::string_view> take_line();
  const std::string* header(std::string_view name) const;

  Body body_;
  std::size_t max_body_;
  State state_ = State::head;
  std::string pending_;  // bytes not yet understood
  std::string line_;
  std::uint64_t remaining_ = 0;  // of the body or the chunk
  bool keeps_alive_ = true;
  HttpResponse response_;
};

// Header names, without regard to case.
bool is_same_name(std::string_view a, std::string_view b);

// Retry-After in its two forms, seconds or a date, as the time from `now`; at most a day, and zero
// if it is neither or has passed.
std::chrono::milliseconds parse_retry_after(std::string_view text, WallTime now);

}  // namespace shoal::plugin
