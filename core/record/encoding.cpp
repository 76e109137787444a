#include "record/encoding.h"

#include <bit>
#include <cstring>

namespace shoal::record {
namespace {

constexpr std::uint8_t format = 1;

class Writer {
 public:
  explicit Writer(std::string& bytes) : bytes_(bytes) {}

  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void count(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value) | 0x80);
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void fixed(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
  }
  void number(double value) { fixed(std::bit_cast<std::uint64_t>(value)); }
  void time(WallTime value) { fixed(static_cast<std::uint64_t>(unix_nanoseconds(value))); }
  void text(std::string_view value) {
    count(value.size());
    bytes_.append(value);
  }
  template <class T, class Each>
  void list(const std::vector<T>& values, Each each) {
    count(values.size());
    for (const T& value : values) each(value);
  }
  void labels(const std::vector<Label>& values) {
    list(values, [this](const Label& label) {
      text(label.key);
      text(label.value);
    });
  }

  void operator()(const Sample& sample) {
    text(sample.name);
    labels(sample.labels);
    text(sample.unit);
    number(sample.value);
    time(sample.time);
    byte(static_cast<std::uint8_t>(sample.origin));
    text(sample.custom_identifier);
  }
  void operator()(const CheckResult& result) {
    text(result.name);
    byte(static_cast<std::uint8_t>(result.status));
    text(result.text);
    time(result.time);
    list(result.samples, *this);
    text(result.custom_identifier);
  }
  void operator()(const Event& event) {
    text(event.id);
    text(event.job);
    time(event.time);
    byte(static_cast<std::uint8_t>(event.from));
    byte(static_cast<std::uint8_t>(event.to));
    byte(event.is_hard ? 1 : 0);
    time(event.since);
    text(event.text);
    text(event.dedupe_key);
    labels(event.links);
  }
  void operator()(const Metadata& metadata) {
    text(metadata.name);
    text(metadata.json);
    time(metadata.time);
  }
  void operator()(const GraphDefinition& graph) {
    text(graph.name);
    text(graph.label);
    text(graph.unit);
    list(graph.metrics, [this](const GraphMetric& metric) {
      text(metric.name);
      text(metric.label);
      byte(metric.is_stacked ? 1 : 0);
    });
    byte(static_cast<std::uint8_t>(graph.origin));
    time(graph.time);
  }

 private:
  std::string& bytes_;
};

// Every read after a failed one fails too, so callers look at is_sound() once, at the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool is_sound() const { return is_sound_; }
  bool is_at_end() const { return bytes_.empty(); }

  std::uint8_t byte() {
    const std::string_view one = take(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one[0]);
  }
  std::uint8_t byte_below(std::uint8_t limit) {
    const std::uint8_t value = byte();
    if (value < limit) return value;
    is_sound_ = false;
    return 0;
  }
  std::uint64_t count() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      value |= std::uint64_t{part & 0x7Fu} << shift;
      if ((part & 0x80) == 0) return value;
    }
    is_sound_ = false;
    return 0;
  }
  std::uint64_t fixed() {
    const std::string_view eight = take(8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < eight.size(); ++i) {
      value |= std::uint64_t{static_cast<std::uint8_t>(eight[i])} << (8 * i);
    }
    return value;
  }
  double number() { return std::bit_cast<double>(fixed()); }
  WallTime time() { return from_unix_nanoseconds(static_cast<std::int64_t>(fixed())); }
  std::string text() { return std::string(take(count())); }
  template <class T, class Each>
  std::vector<T> list(Each each) {
    std::vector<T> values;
    // Grown one by one: a damaged count must not become an allocation.
    for (std::uint64_t left = count(); left > 0 && is_sound_; --left) values.push_back(each());
    return values;
  }
  std::vector<Label> labels() {
    return list<Label>([this] {
      Label label;
      label.key = text();
      label.value = text();
      return label;
    });
  }

  Sample sample() {
    Sample sample;
    sample.name = text();
    sample.labels = labels();
    sample.unit = text();
    sample.value = number();
    sample.time = time();
    sample.origin = static_cast<Origin>(byte_below(2));
    sample.custom_identifier = text();
    return sample;
  }
  CheckResult check_result() {
    CheckResult result;
    result.name = text();
    result.status = status();
    result.text = text();
    result.time = time();
    result.samples = list<Sample>([this] { return sample(); });
    result.custom_identifier = text();
    return result;
  }
  Event event() {
    Event event;
    event.id = text();
    event.job = text();
    event.time = time();
    event.from = status();
    event.to = status();
    event.is_hard = byte_below(2) == 1;
    event.since = time();
    event.text = text();
    event.dedupe_key = text();
    event.links = labels();
    return event;
  }
  Metadata metadata() {
    Metadata metadata;
    metadata.name = text();
    metadata.json = text();
    metadata.time = time();
    return metadata;
  }
  GraphDefinition graph_definition() {
    GraphDefinition graph;
    graph.name = text();
    graph.label = text();
    graph.unit = text();
    graph.metrics = list<GraphMetric>([this] {
      GraphMetric metric;
      metric.name = text();
      metric.label = text();
      metric.is_stacked = byte_below(2) == 1;
      return metric;
    });
    graph.origin = static_cast<Origin>(byte_below(2));
    graph.time = time();
    return graph;
  }

 private:
  Status status() { return static_cast<Status>(byte_below(4)); }
  std::string_view take(std::uint64_t size) {
    if (!is_sound_ || size > bytes_.size()) {
      is_sound_ = false;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
  bool is_sound_ = true;
};

std::optional<Record> read_body(Reader& reader) {
  switch (static_cast<Kind>(reader.byte())) {
    case Kind::sample:
      return reader.sample();
    case Kind::check_result:
      return reader.check_result();
    case Kind::event:
      return reader.event();
    case Kind::metadata:
      return reader.metadata();
    case Kind::graph_definition:
      return reader.graph_definition();
  }
  return std::nullopt;
}

}  // namespace

void encode(const Record& record, std::string& bytes) {
  Writer writer(bytes);
  writer.byte(format);
  writer.byte(static_cast<std::uint8_t>(kind_of(record)));
  std::visit(writer, record);
}

std::optional<Record> decode(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.byte() != format) return std::nullopt;
  auto record = read_body(reader);
  if (!reader.is_sound() || !reader.is_at_end()) return std::nullopt;
  return record;
}

}  // namespace shoal::record
