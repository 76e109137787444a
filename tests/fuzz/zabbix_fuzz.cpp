// Whatever a Zabbix agent sends and whatever is written as a key or an expression is read without a
// crash; a reply is whole at the same byte however it is cut, and no answer is longer than allowed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <shoal/plugin.hpp>

#include "common/zabbix/answer.h"
#include "common/zabbix/expression.h"
#include "common/zabbix/frame.h"
#include "common/zabbix/item_key.h"

namespace {

using namespace shoal::zabbix;

void require(bool is_true) {
  if (!is_true) std::abort();
}

// What is whole stays whole, and what is whole early means the same as all of it.
void read_in_pieces(std::string_view received) {
  for (std::size_t size = 0; size < received.size() && size < 200; ++size) {
    const auto begun = received.substr(0, size);
    if (!is_whole(begun)) continue;
    require(is_whole(received));
    const auto early = read_reply(begun);
    const auto late = read_reply(received);
    require(early.text == late.text && early.fault.empty() == late.fault.empty());
    return;
  }
}

void read_answers(const Reply& reply) {
  require(reply.text.size() <= most_payload);
  for (const auto protocol : {Protocol::plain, Protocol::json}) {
    const auto answer = answer_of(reply, protocol);
    require(!answer.number() || answer.is_value());
    require(answer.is_value() || !answer.reason().empty());
  }
}

void read_expression(const std::string& text, const Answer& value) {
  try {
    const auto expression = Expression::parse("ok", text, 4);
    const auto verdict = expression.judge({value, value, value, value});
    require(verdict.is_true.has_value() == verdict.fault.empty());
  } catch (const shoal::Failure& failure) {
    require(failure.status() == SHOAL_CONFIG);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);

  read_in_pieces(text);
  read_answers(read_reply(text));
  read_expression(text, {Answer::Kind::value, "2.5"});
  read_expression(text, {Answer::Kind::value, "down"});
  item_key_fault(text);
  require(!component_of(text).empty() && component_of(text).size() <= 100);
  return 0;
}
