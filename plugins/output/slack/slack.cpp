#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <shoal/plugin.hpp>

#include "addresses.h"
#include "clock.h"
#include "gathering.h"
#include "message.h"
#include "payload.h"
#include "relayed.h"
#include "told.h"
#include "turn.h"
#include "webhook.h"

SHOAL_MANIFEST(R"({
  "id": "slack",
  "version": "1.0.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "output",
  "summary": "tells changes of checks to Slack through an incoming webhook",
  "needs": ["shoal.clock/1", "shoal.http/1", "shoal.identity/1"],
  "accepts": ["event"],
  "batch": {"max_records": 10000, "max_bytes": 4194304, "backlog_interval_ms": 1000},
  "options": {
    "webhook": {"type": "string", "required": true, "x-secret": true, "pattern": "^https?://[^/]+/.", "x-example": "http://127.0.0.1:9/services/T0/B0/example", "description": "the URL of an incoming webhook"},
    "link": {"type": "string", "pattern": "^https?://([^{}]|\\{host\\}|\\{check\\})*$", "description": "where to read more; {host} and {check} are filled in"},
    "tags": {"type": "object", "description": "other channels, names and icons, by a name of each: which events go where", "items": {"type": "object", "properties": {
      "channel": {"type": "string", "pattern": "^[^ ]+$", "description": "such as #ops"},
      "username": {"type": "string", "description": "who speaks"},
      "icon_emoji": {"type": "string", "pattern": "^:[^: ]+:$", "description": "such as :fish:"},
      "match": {"type": "array", "items": {"type": "string"}, "description": "jobs such as check:web*; the first tag that fits takes the event"}}}},
    "rate": {"type": "number", "default": 1, "minimum": 0.01, "maximum": 1000, "description": "messages a second; Slack takes one"},
    "proxy": {"type": "string", "x-secret": true, "description": "http://[user:password@]host:port, or direct; else as the environment says"},
    "ca_file": {"type": "string", "description": "PEM file of trusted roots instead of the system's"}
  }
})");

namespace {

using shoal::Batch;
using shoal::Context;
using shoal::Failure;
using shoal::view;
using namespace shoal::slack;

// So long a call tells messages of the relay; changes of checks that came meanwhile are next.
constexpr std::int64_t relay_time_ns = 2'000'000'000;

// What goes to one address.
struct Group {
  std::size_t tag;
  Items items;
};

// One offer, as far as it has come.
struct Offer {
  Batch& batch;
  Scene scene;
  bool has_told = false;
};

enum class Answer : std::uint8_t { taken, refused, other_channel };

class Slack : public shoal::Output {
 public:
  explicit Slack(Context& context)
      : context_(context),
        webhook_(context.options()),
        clock_(context),
        turn_(clock_, context.options().number("/rate", 1)),
        link_(context.options().text("/link")) {}

  void take_tags(Tags tags) { addresses_ = Addresses(std::move(tags)); }

  void deliver(Batch& batch) override {
    Items relayed;
    const auto groups = groups_of(batch, relayed);
    if (groups.empty() && relayed.empty()) return;
    Offer offer{batch, {host_name(), link_, clock_.unix_ns()}};
    try {
      turn_.check();
      if (is_burst_growing(groups)) return batch.retry_after_ms(Gathering::pause_ms);
      if (tell_all(offer, groups)) relay_all(offer, relayed);
      batch.next_offer_ns(clock_.unix_ns() + turn_.interval_ns());
    } catch (const Failure& failure) {
      if (const auto* answer = dynamic_cast<const PostFailure*>(&failure); answer != nullptr) {
        batch.retry_after_ms(answer->retry_after_ms());
      }
      if (!offer.has_told) throw;
      // The verdicts on what was told must count. The rest is offered again and meets the same.
      context_.log(SHOAL_LOG_WARNING, failure.what());
    }
  }

 private:
  // Says delivered to what is none of ours and to what was told already. An event that is in the
  // batch twice waits for the next one.
  std::vector<Group> groups_of(Batch& batch, Items& relayed) const {
    std::vector<Group> groups;
    std::set<std::string_view> ids;
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      const auto* event = batch[i].kind == SHOAL_RECORD_EVENT ? batch[i].event : nullptr;
      const auto id = event == nullptr ? std::string_view() : view(event->id);
      if (event == nullptr || told_.has(id)) {
        batch.deliver(i);
      } else if (id.empty() || ids.insert(id).second) {
        if (relayed_payload(*event)) {
          relayed.push_back({i, event});
        } else {
          add(groups, {i, event});
        }
      }
    }
    return groups;
  }

  void add(std::vector<Group>& groups, const Item& item) const {
    const auto tag = addresses_.tag_of(view(item.event->job));
    for (auto& group : groups) {
      if (group.tag == tag) return group.items.push_back(item);
    }
    groups.push_back({tag, Items{item}});
  }

  bool is_burst_growing(const std::vector<Group>& groups) {
    std::size_t count = 0;
    for (const auto& group : groups) count += group.items.size();
    return count > most_unfolded && gathering_.is_growing(count, clock_.steady_ns());
  }

  // False if there is no time left.
  bool tell_all(Offer& offer, const std::vector<Group>& groups) {
    return std::all_of(groups.begin(), groups.end(),
                       [&](const Group& group) { return tell(offer, group); });
  }

  void relay_all(Offer& offer, const Items& items) {
    const auto end = clock_.steady_ns() + relay_time_ns;
    for (const auto& item : items) {
      if (clock_.steady_ns() >= end || !has_turn(offer)) return;
      relay(offer, item);
    }
  }

  // A message of the relay is told as it is, or not at all.
  void relay(Offer& offer, const Item& item) {
    turn_.pass();
    try {
      webhook_.post(offer.batch, std::string(*relayed_payload(*item.event)));
      turn_.pass();
      told_.add(view(item.event->id));
      offer.batch.deliver(item.record);
    } catch (const PostFailure& failure) {
      turn_.hold(failure);
      if (failure.status() != SHOAL_REJECTED && !failure.is_about_channel()) throw;
      turn_.pass();
      explain(failure.what());
      offer.batch.reject(item.record);
    }
    offer.has_told = true;
  }

  bool has_turn(const Offer& offer) {
    if (turn_.await(offer.batch)) return true;
    offer.batch.retry_after_ms(turn_.remaining_ms());
    return false;
  }

  // False if there is no time left; so does the next one.
  bool tell(Offer& offer, const Group& group) {
    for (const auto& message : messages_of(group.items, offer.scene)) {
      if (!tell(offer, group.tag, message)) return false;
    }
    return true;
  }

  bool tell(Offer& offer, std::size_t tag, const Message& message) {
    if (!has_turn(offer)) return false;
    switch (post(offer, tag, message)) {
      case Answer::taken:
        note_told(offer, message);
        return true;
      case Answer::other_channel:
        return tell(offer, tag, message);
      case Answer::refused:
        break;
    }
    offer.batch.reject(message.items.front().record);
    offer.has_told = true;
    return true;
  }

  Answer post(const Offer& offer, std::size_t tag, const Message& message) {
    const auto address = addresses_.address_of(tag, clock_.steady_ns());
    turn_.pass();
    try {
      webhook_.post(offer.batch, payload_of(message, address.to, address.remark));
      turn_.pass();
      return Answer::taken;
    } catch (const PostFailure& failure) {
      turn_.hold(failure);
      const bool is_elsewhere = failure.is_about_channel() && !address.to.channel.empty();
      // Of several events the one at fault is not known: the host halves the batch until it is
      // alone.
      const bool is_alone = message.items.size() == 1;
      const bool is_refused = failure.status() == SHOAL_REJECTED && is_alone;
      if (!is_elsewhere && !is_refused) throw;
      turn_.pass();
      explain(failure.what());
      if (is_refused) return Answer::refused;
      addresses_.refuse(tag, failure.word(), clock_.steady_ns());
      return Answer::other_channel;
    }
  }

  void note_told(Offer& offer, const Message& message) {
    for (const auto& item : message.items) {
      told_.add(view(item.event->id));
      offer.batch.deliver(item.record);
    }
    gathering_.end();
    offer.has_told = true;
  }

  void explain(std::string_view reason) const {
    context_.host().explain(context_.raw(), shoal::text(reason));
    context_.log(SHOAL_LOG_WARNING, reason);
  }

  std::string host_name() const {
    std::string name;
    const auto* identity =
        static_cast<const shoal_identity*>(context_.service(SHOAL_SERVICE_IDENTITY));
    if (identity != nullptr) {
      identity->host_name(context_.raw(), &shoal::detail::assign_text, &name);
    }
    return name;
  }

  Context& context_;
  Webhook webhook_;
  Clock clock_;
  Turn turn_;
  Addresses addresses_{Tags("{}")};
  Gathering gathering_;
  Told told_;
  std::string link_;
};

// The names of tags are the user's own, and options are asked for by name; so the tags are read
// from all options at once, which only create() is given.
using Adapter = shoal::detail::Adapter<Slack>;

shoal_status SHOAL_CALL create(const shoal_create* create, shoal_instance** instance) {
  shoal_instance* made = nullptr;
  auto status = Adapter::create(create, &made);
  if (status != SHOAL_OK) return status;
  status = Adapter::guarded_call(made, [&](Adapter::Instance& own) {
    own.plugin.take_tags(Tags(view(create->options_json)));
  });
  if (status == SHOAL_OK) {
    *instance = made;
  } else {
    Adapter::destroy(made);
  }
  return status;
}

}  // namespace

extern "C" SHOAL_EXPORT const shoal_module* SHOAL_CALL shoal_module_v1() {
  static const shoal_plugin plugin = [] {
    auto made = *shoal::detail::module<Slack>()->plugin;
    made.create = &create;
    return made;
  }();
  static const shoal_module module{sizeof(shoal_module), SHOAL_ABI_MAJOR, SHOAL_ABI_MINOR, 0,
                                   &plugin};
  return &module;
}
