// What is asked of a Zabbix agent and what its answers mean, in both of its protocols. Knows no
// sockets. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/zabbix/frame.h"

namespace shoal {
class Options;
}

namespace shoal::zabbix {

// plain: the key alone, which every agent takes. json: since 7.0, with a timeout. automatic: JSON,
// and plain when the agent does not know that.
enum class Protocol : std::uint8_t { plain, json, automatic };

// "plain", "json" or "auto".
std::optional<Protocol> protocol_of(std::string_view name);

struct Answer {
  enum class Kind : std::uint8_t {
    value,          // text is the value, without line ends behind it
    not_supported,  // the agent has no value; text says why, as all of the following do
    no_data,        // the agent knows the item and has no value yet
    denied,         // it closed the connection without a word
    tls_only,
    damaged,
    unreachable,
  };
  Kind kind = Kind::unreachable;
  std::string text;

  bool is_value() const { return kind == Kind::value; }
  // "not supported: Unsupported item key."
  std::string reason() const;
  // The value as a finite number, if it is one.
  std::optional<double> number() const;
  // The value for a message, short: a number without what is around it, anything else in quotes.
  std::string words() const;
};

// The payload of a request; `protocol` is not automatic.
std::string request_of(const std::string& key, Protocol protocol, std::int64_t timeout_seconds);

Answer answer_of(const Reply& reply, Protocol protocol);

// Whether a request in JSON was taken for a key, as agents before 7.0 do.
bool knows_no_json(const Reply& reply);

}  // namespace shoal::zabbix
