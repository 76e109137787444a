#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "run/exec_output.h"

namespace shoal::run {
namespace {

using Json = nlohmann::json;

constexpr std::string_view header_word = "mackerel-agent-plugin";
constexpr std::size_t longest_quote = 80;

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// "key=value" fields; the only one with a meaning is the version, and 1 the only one there is.
bool is_known_version(std::string_view fields) {
  for (fields = without_blanks(fields); !fields.empty(); fields = without_blanks(fields)) {
    const auto end = std::find_if(fields.begin(), fields.end(), is_blank);
    const auto field = fields.substr(0, static_cast<std::size_t>(end - fields.begin()));
    if (field.starts_with("version=") && field != "version=1") return false;
    fields.remove_prefix(field.size());
  }
  return true;
}

// What follows the header line; empty without one.
std::optional<std::string_view> after_header(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with('#')) return std::nullopt;
  std::string_view header = without_blanks(text.substr(1, end - 1));
  if (!header.starts_with(header_word)) return std::nullopt;
  header.remove_prefix(header_word.size());
  if (!header.empty() && is_word_character(header.front())) return std::nullopt;
  if (!is_known_version(header)) return std::nullopt;
  return text.substr(end + 1);
}

// The object or array at the front of `text`, without what plugins print behind it.
std::string_view first_value(std::string_view text) {
  text = without_blanks(text);
  std::size_t depth = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string) {
      if (c == '\\') ++i;
      if (c == '"') is_in_string = false;
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && (depth == 0 || --depth == 0)) {
      return text.substr(0, i + 1);
    }
  }
  return text;
}

bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// A member by its name in any case, as Go reads JSON; null if there is none.
const Json& member(const Json& object, std::string_view name) {
  static const Json null;
  for (const auto& [key, value] : object.items()) {
    if (is_same_word(key, name)) return value;
  }
  return null;
}

// A text member; absent and null read as empty. False if it is something else.
bool read_text(const Json& object, std::string_view name, std::string& text) {
  const Json& value = member(object, name);
  if (value.is_string()) text = value.get_ref<const std::string&>();
  return value.is_string() || value.is_null();
}

bool is_graph_component(std::string_view part) {
  if (part == "*" || part == "#") return true;
  return !part.empty() && std::all_of(part.begin(), part.end(),
                                      [](char c) { return is_word_character(c) || c == '-'; });
}

bool is_graph_name(std::string_view name) {
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_graph_component(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

class GraphReader {
 public:
  GraphReader(std::string_view prefix, WallTime time) : prefix_(prefix), time_(time) {}

  ParsedOutput read(const Json& root) {
    const Json& graphs = root.is_object() ? member(root, "graphs") : root;
    if (graphs.is_object()) {
      for (const auto& [name, graph] : graphs.items()) read_graph(name, graph);
    } else if (!graphs.is_null()) {
      parsed_.error = "graph definitions: expected an object with a member \"graphs\"";
    }
    return std::move(parsed_);
  }

 private:
  void read_graph(const std::string& name, const Json& json) {
    record::GraphDefinition graph{.name = prefix_.empty() ? name : prefix_ + '.' + name,
                                  .time = time_};
    const std::string place = "graph " + quoted(name, longest_quote);
    if (!is_graph_name(graph.name)) {
      return parsed_.drop(place + ": expected a name of [-A-Za-z0-9_], *, # and dots");
    }
    if (!json.is_object() || !read_text(json, "label", graph.label) ||
        !read_text(json, "unit", graph.unit)) {
      return parsed_.drop(place + ": expected an object with the texts label and unit");
    }
    if (graph.unit.empty()) graph.unit = "float";
    read_metrics(place, member(json, "metrics"), graph);
    parsed_.records.emplace_back(std::move(graph));
  }

  void read_metrics(const std::string& place, const Json& metrics, record::GraphDefinition& graph) {
    if (metrics.is_null()) return;
    if (!metrics.is_array()) return parsed_.drop(place + ": expected an array of metrics");
    for (const Json& json : metrics) {
      record::GraphMetric metric;
      if (read_metric(json, metric)) {
        graph.metrics.push_back(std::move(metric));
      } else {
        parsed_.drop(place + ": expected a metric of name, label and stacked");
      }
    }
  }

  static bool read_metric(const Json& json, record::GraphMetric& metric) {
    if (!json.is_object()) return false;
    const Json& stacked = member(json, "stacked");
    if (!stacked.is_boolean() && !stacked.is_null()) return false;
    metric.is_stacked = stacked.is_boolean() && stacked.get<bool>();
    return read_text(json, "name", metric.name) && read_text(json, "label", metric.label) &&
           is_graph_name(metric.name);
  }

  const std::string prefix_;
  const WallTime time_;
  ParsedOutput parsed_;
};

// Go reads over bytes that are no UTF-8; our JSON reader would refuse the whole.
std::string repaired(std::string_view bytes) {
  return to_utf8(bytes, std::string::npos);
}

ParsedOutput unreadable(std::string_view what, std::string_view text) {
  ParsedOutput parsed;
  parsed.error = fmt::format("{}: expected a JSON value, got {}", what,
                             text.empty() ? "nothing" : quoted(text, longest_quote));
  return parsed;
}

}  // namespace

ParsedOutput parse_graph_definitions(std::string_view text, std::string_view metric_prefix,
                                     WallTime time) {
  const std::optional<std::string_view> body = after_header(text);
  if (!body) return {};
  const std::string value = repaired(first_value(*body));
  const Json root = Json::parse(value, nullptr, false);
  if (root.is_discarded()) return unreadable("graph definitions", value);
  return GraphReader(metric_prefix, time).read(root);
}

ParsedOutput parse_metadata(std::string_view text, std::string_view name, WallTime time) {
  std::string value = repaired(without_blanks(text));
  if (!Json::accept(value)) return unreadable("metadata", value);
  ParsedOutput parsed;
  parsed.records.emplace_back(
      record::Metadata{.name = std::string(name), .json = std::move(value), .time = time});
  return parsed;
}

}  // namespace shoal::run
