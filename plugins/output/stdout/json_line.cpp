#include "json_line.h"

#include <array>
#include <string_view>

#include <shoal/plugin.hpp>

#include "common/utf8.h"
#include "number.h"

namespace shoal::stdout_output {
namespace {

void append_escaped(std::string& line, char c) {
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    line += '\\';
    line += c;
  } else if (c == '\n') {
    line += "\\n";
  } else if (code < 0x20 || code == 0x7F) {
    line += "\\u00";
    line += hexadecimal[code >> 4U];
    line += hexadecimal[code & 0xFU];
  } else {
    line += c;
  }
}

void append_string(std::string& line, std::string_view text) {
  line += '"';
  while (!text.empty()) {
    const auto length = common::first_character_length(text);
    if (length == 1) {
      append_escaped(line, text.front());
    } else {
      line += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  line += '"';
}

// Writes the members of one object, in the order of the calls; braces at both ends.
class Object {
 public:
  explicit Object(std::string& line) : line_(line) { line_ += '{'; }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  ~Object() { line_ += '}'; }

  // The caller appends the value.
  std::string& member(std::string_view name) {
    if (!is_first_) line_ += ',';
    is_first_ = false;
    append_string(line_, name);
    line_ += ':';
    return line_;
  }
  void text(std::string_view name, std::string_view value) { append_string(member(name), value); }
  void text(std::string_view name, shoal_text value) { text(name, view(value)); }
  void text_if_any(std::string_view name, shoal_text value) {
    if (value.size > 0) text(name, value);
  }
  void boolean(std::string_view name, bool value) { member(name) += value ? "true" : "false"; }
  void value(std::string_view name, double value) { append_value(member(name), value); }
  void time(std::string_view name, std::int64_t time_ns) {
    constexpr std::int64_t nanoseconds_in_millisecond = 1'000'000;
    append_digits(member(name), time_ns / nanoseconds_in_millisecond);
  }
  void labels_if_any(std::string_view name, const shoal_array& labels) {
    if (labels.count == 0) return;
    Object object(member(name));
    for (std::uint32_t i = 0; i < labels.count; ++i) {
      const auto* label = SHOAL_AT(shoal_label, labels, i);
      object.text(view(label->key), label->value);
    }
  }

 private:
  std::string& line_;
  bool is_first_ = true;
};

// Each element of type T in `array`, as an object that `append` fills.
template <class T, class Append>
void append_array(std::string& line, const shoal_array& array, Append append) {
  line += '[';
  for (std::uint32_t i = 0; i < array.count; ++i) {
    if (i > 0) line += ',';
    Object object(line);
    append(object, *SHOAL_AT(T, array, i));
  }
  line += ']';
}

std::string_view status_name(std::uint32_t status) {
  constexpr std::array<std::string_view, 4> names = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return status < names.size() ? names[status] : names[SHOAL_CHECK_UNKNOWN];
}

std::string_view origin_name(std::uint32_t origin) {
  return origin == SHOAL_ORIGIN_HOST ? "host" : "custom";
}

void append_sample(Object& object, const shoal_sample& sample) {
  object.time("time_ms", sample.time_ns);
  object.text("name", sample.name);
  object.labels_if_any("labels", sample.labels);
  object.value("value", sample.value);
  object.text_if_any("unit", sample.unit);
  object.text("origin", origin_name(sample.origin));
  object.text_if_any("custom_identifier", sample.custom_identifier);
}

void append_check_result(Object& object, const shoal_check_result& result) {
  object.time("time_ms", result.time_ns);
  object.text("name", result.name);
  object.text("status", status_name(result.status));
  object.text("text", result.text);
  if (result.samples.count > 0) {
    append_array<shoal_sample>(object.member("samples"), result.samples, append_sample);
  }
  object.text_if_any("custom_identifier", result.custom_identifier);
}

void append_event(Object& object, const shoal_event& event) {
  object.time("time_ms", event.time_ns);
  object.text("id", event.id);
  object.text("job", event.job);
  object.text("from", status_name(event.from));
  object.text("to", status_name(event.to));
  object.boolean("is_hard", event.is_hard != 0);
  object.time("since_ms", event.since_ns);
  object.text("text", event.text);
  object.text_if_any("dedupe_key", event.dedupe_key);
  object.labels_if_any("links", event.links);
}

// In JSON a bare line break can only be space between values.
void append_metadata(Object& object, const shoal_metadata& metadata) {
  object.time("time_ms", metadata.time_ns);
  object.text("name", metadata.name);
  std::string& line = object.member("value");
  if (metadata.json.size == 0) line += "null";
  for (const char c : view(metadata.json)) line += c == '\n' || c == '\r' ? ' ' : c;
}

void append_graph_definition(Object& object, const shoal_graph_definition& graph) {
  object.text("name", graph.name);
  object.text_if_any("label", graph.label);
  object.text_if_any("unit", graph.unit);
  object.text("origin", origin_name(graph.origin));
  append_array<shoal_graph_metric>(object.member("metrics"), graph.metrics,
                                   [](Object& line, const shoal_graph_metric& metric) {
                                     line.text("name", metric.name);
                                     line.text_if_any("label", metric.label);
                                     line.boolean("is_stacked", metric.is_stacked != 0);
                                   });
}

template <class T>
void append_object(std::string& lines, std::string_view kind, const T& record,
                   void (*append)(Object&, const T&)) {
  {
    Object object(lines);
    object.text("kind", kind);
    append(object, record);
  }
  lines += '\n';
}

}  // namespace

void append_json_line(std::string& lines, const shoal_record& record) {
  switch (record.kind) {
    case SHOAL_RECORD_SAMPLE:
      return append_object(lines, "sample", *record.sample, append_sample);
    case SHOAL_RECORD_CHECK_RESULT:
      return append_object(lines, "check_result", *record.check_result, append_check_result);
    case SHOAL_RECORD_EVENT:
      return append_object(lines, "event", *record.event, append_event);
    case SHOAL_RECORD_METADATA:
      return append_object(lines, "metadata", *record.metadata, append_metadata);
    case SHOAL_RECORD_GRAPH_DEFINITION:
      return append_object(lines, "graph_definition", *record.graph_definition,
                           append_graph_definition);
    default:
      return;
  }
}

}  // namespace shoal::stdout_output
