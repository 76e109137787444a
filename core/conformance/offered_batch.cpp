#include "conformance/offered_batch.h"

#include <algorithm>
#include <array>
#include <string>

namespace shoal::conformance {
namespace {

// Any UTF-8, control characters and quotes: what a command printed, for example.
std::string strange_text() {
  std::string text = "first line \"quoted\" \\ back\ttab\r\n<&>{}[] %s%n $(x) \x01\x7f ";
  text += "\xC3\xA4\xE9\xAF\x96\xF0\x9F\x90\x9F\n";
  while (text.size() < 60'000) text += "and so on \xE9\xAF\x96, ";
  return text;
}

class Builder {
 public:
  Builder(const OfferedBatch& offered, std::int64_t time_ns, LentMemory& memory)
      : offered_(offered), time_ns_(time_ns), memory_(memory) {}

  BuiltBatch build() {
    make_one_of_each();
    const auto batch = shoal_batch{grown<shoal_batch>(), 0, records()};
    BuiltBatch built;
    built.batch = memory_.put(batch, offered_.filler);
    return built;
  }

 private:
  template <class T>
  std::uint32_t grown() const {
    return static_cast<std::uint32_t>(sizeof(T) + offered_.filler);
  }

  shoal_text text(std::string_view usual) {
    if (offered_.has_empty_texts) return {"", 0};
    return memory_.text(offered_.has_strange_texts ? strange_ : usual);
  }

  // Elements at their stride; what lies between them leads a reader who steps too short astray.
  template <class T>
  shoal_array array(const std::vector<T>& elements, const T& phantom) {
    const std::size_t stride = sizeof(T) + offered_.filler;
    auto* const first = static_cast<char*>(memory_.allocate(
        stride * std::max<std::size_t>(elements.size(), 1), alignof(T), Rule::size_stride));
    for (std::size_t i = 0; i < elements.size(); ++i) {
      char* const at = first + i * stride;
      std::memcpy(at, &elements[i], sizeof(T));
      std::memset(at + sizeof(T), 0xA5, offered_.filler);
      std::memcpy(at + sizeof(T), &phantom, std::min(sizeof(T), offered_.filler));
    }
    return {first, static_cast<std::uint32_t>(elements.size()), static_cast<std::uint32_t>(stride)};
  }

  template <class T>
  shoal_array array(const std::vector<T>& elements) {
    T phantom;
    std::memset(&phantom, 0xA5, sizeof phantom);
    return array(elements, phantom);
  }

  // Frozen, so never further apart than they are.
  shoal_array labels() {
    auto* const label = static_cast<shoal_label*>(
        memory_.allocate(sizeof(shoal_label), alignof(shoal_label), Rule::size_stride));
    *label = {memory_.text("device"), text("sda")};
    return {label, 1, sizeof(shoal_label)};
  }

  shoal_sample sample() {
    return {grown<shoal_sample>(),
            SHOAL_ORIGIN_CUSTOM,
            memory_.text("tester.sample.value"),
            memory_.text("float"),
            labels(),
            0.5,
            time_ns_,
            {"", 0}};
  }

  // In memory that ends where the struct does.
  template <class T>
  const T* put(T value, std::size_t last_member) {
    if (!offered_.is_cut) return memory_.put(value, offered_.filler);
    value.size = static_cast<std::uint32_t>(last_member);
    void* const memory = memory_.allocate(last_member, alignof(T), Rule::size_exact);
    std::memcpy(memory, &value, last_member);
    return static_cast<const T*>(memory);
  }

  void make_one_of_each() {
    if (offered_.has_strange_texts) strange_ = strange_text();
    sample_ = put(sample(), offsetof(shoal_sample, custom_identifier));
    result_ = put(shoal_check_result{grown<shoal_check_result>(),
                                     SHOAL_CHECK_WARNING,
                                     memory_.text("tester_check"),
                                     text("slow: 3 s"),
                                     time_ns_,
                                     array(std::vector<shoal_sample>{sample(), sample()}),
                                     {"", 0}},
                  offsetof(shoal_check_result, custom_identifier));
    event_ =
        memory_.put(shoal_event{grown<shoal_event>(), SHOAL_CHECK_OK, SHOAL_CHECK_CRITICAL, 1,
                                memory_.text("tester-event-1"), memory_.text("check:tester_check"),
                                text("down since 3 s"), memory_.text("tester_check@tester"),
                                time_ns_, time_ns_ - 3'000'000'000, labels()},
                    offered_.filler);
    metadata_ = memory_.put(
        shoal_metadata{grown<shoal_metadata>(), 0, memory_.text("tester_metadata"),
                       memory_.text("{\"packages\": [1, \"\\u00e4\", null]}"), time_ns_},
        offered_.filler);
    graph_ = memory_.put(
        shoal_graph_definition{
            grown<shoal_graph_definition>(), SHOAL_ORIGIN_CUSTOM, memory_.text("tester.sample"),
            text("Samples of the tester"), memory_.text("float"),
            array(std::vector<shoal_graph_metric>{
                {grown<shoal_graph_metric>(), 1, memory_.text("value"), text("value")},
                {grown<shoal_graph_metric>(), 0, memory_.text("*"), text("any")}})},
        offered_.filler);
  }

  shoal_record record(std::uint32_t kind) const {
    shoal_record record{grown<shoal_record>(), kind, nullptr, nullptr, nullptr, nullptr, nullptr};
    if (kind == SHOAL_RECORD_SAMPLE) record.sample = sample_;
    if (kind == SHOAL_RECORD_CHECK_RESULT) record.check_result = result_;
    if (kind == SHOAL_RECORD_EVENT) record.event = event_;
    if (kind == SHOAL_RECORD_METADATA) record.metadata = metadata_;
    if (kind == SHOAL_RECORD_GRAPH_DEFINITION) record.graph_definition = graph_;
    return record;
  }

  // Looks like a record, but its members lie where nobody may read.
  shoal_record phantom() {
    auto* const piece = static_cast<char*>(memory_.allocate(1, 1, Rule::size_stride));
    const void* const nowhere = piece + 64;
    auto phantom = record(offered_.kinds.empty() ? 0 : offered_.kinds.front());
    phantom.sample = static_cast<const shoal_sample*>(nowhere);
    phantom.check_result = static_cast<const shoal_check_result*>(nowhere);
    phantom.event = static_cast<const shoal_event*>(nowhere);
    phantom.metadata = static_cast<const shoal_metadata*>(nowhere);
    phantom.graph_definition = static_cast<const shoal_graph_definition*>(nowhere);
    return phantom;
  }

  shoal_array records() {
    std::vector<shoal_record> all;
    all.reserve(offered_.kinds.size());
    for (const auto kind : offered_.kinds) all.push_back(record(kind));
    return array(all, phantom());
  }

  const OfferedBatch& offered_;
  const std::int64_t time_ns_;
  LentMemory& memory_;
  std::string strange_;
  const shoal_sample* sample_ = nullptr;
  const shoal_check_result* result_ = nullptr;
  const shoal_event* event_ = nullptr;
  const shoal_metadata* metadata_ = nullptr;
  const shoal_graph_definition* graph_ = nullptr;
};

}  // namespace

OfferedBatch OfferedBatch::one_of_each(const plugin::Manifest& manifest) {
  OfferedBatch batch;
  for (std::uint32_t kind = SHOAL_RECORD_SAMPLE; kind <= SHOAL_RECORD_GRAPH_DEFINITION; ++kind) {
    const auto& accepted = manifest.accepts;
    const bool is_accepted =
        accepted.empty() || std::find(accepted.begin(), accepted.end(),
                                      static_cast<record::Kind>(kind)) != accepted.end();
    if (is_accepted) batch.kinds.push_back(kind);
  }
  return batch;
}

BuiltBatch build(const OfferedBatch& offered, std::int64_t time_ns, LentMemory& memory) {
  return Builder(offered, time_ns, memory).build();
}

void add_delivery(BuiltBatch& built, const OfferedBatch& offered, LentMemory& memory) {
  auto* const verdicts =
      static_cast<std::uint8_t*>(memory.allocate(offered.kinds.size(), 1, Rule::deliver_overrun));
  const auto size = static_cast<std::uint32_t>(sizeof(shoal_delivery) + offered.filler);
  const shoal_delivery delivery{size, 0, verdicts, 0};
  if (!offered.is_cut) {
    built.delivery = memory.put(delivery, offered.filler);
    return;
  }
  constexpr std::size_t cut = offsetof(shoal_delivery, next_offer_ns);
  void* const place = memory.allocate(cut, alignof(shoal_delivery), Rule::size_exact);
  std::memcpy(place, &delivery, cut);
  built.delivery = static_cast<shoal_delivery*>(place);
  built.delivery->size = cut;
}

}  // namespace shoal::conformance
