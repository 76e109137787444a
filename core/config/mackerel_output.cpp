#include "config/mackerel_output.h"

#include <utility>

#include <fmt/core.h>

#include "base/pattern.h"
#include "config/options.h"

namespace shoal::config {

namespace {

const std::string output_name = "mackerel";

// A role that Mackerel would refuse is left out and named; it does not keep the host from it.
Array valid_roles(const Draft& draft, Problems& problems) {
  const Pattern full_name("^[a-zA-Z0-9][-_a-zA-Z0-9]*:\\s*[a-zA-Z0-9][-_a-zA-Z0-9]*$");
  Array roles;
  for (const Written& role : draft.roles) {
    if (full_name.found_in(role.text)) {
      roles.push_back({.content = role.text, .where = role.where});
    } else {
      problems.warn(
          role.where,
          fmt::format("roles: expected \"service:role\", got \"{}\"; left out", role.text));
    }
  }
  return roles;
}

std::string text_of(const Table& table, std::string_view key) {
  const Value* value = find(table, key);
  const auto* text = value ? value->as<std::string>() : nullptr;
  return text ? *text : std::string();
}

// Which of the two proxies the posts go through; "direct" means none, also where the environment
// names one.
std::string proxy_for(const Draft& draft) {
  const Settings& settings = draft.settings;
  const bool is_plain = text_of(draft.mackerel_options, "apibase").starts_with("http://");
  return is_plain || settings.https_proxy.empty() ? settings.http_proxy : settings.https_proxy;
}

Table options_of(const Draft& draft, Problems& problems) {
  Table options;
  options.push_back({"apikey", {.content = draft.apikey->text, .where = draft.apikey->where}});
  for (const Member& member : draft.mackerel_options) {
    const auto* text = member.value.as<std::string>();
    if (!text || !text->empty()) options.push_back(member);
  }
  Array roles = valid_roles(draft, problems);
  if (!roles.empty()) {
    const Location where = roles.front().where;
    options.push_back({"roles", {.content = std::move(roles), .where = where}});
  }
  const std::string proxy = proxy_for(draft);
  if (!proxy.empty()) options.push_back({"proxy", {.content = proxy}});
  return options;
}

void add_output(const Table& options, Draft& draft) {
  DraftedOutput output;
  output.settings = {.name = output_name, .where = draft.apikey->where, .plugin = output_name};
  output.options = options;
  draft.outputs.emplace(output_name, std::move(output));
}

void fill_output(const Table& options, DraftedOutput& output) {
  const bool has_own_key = find(output.options, "apikey") || find(output.options, "apikey_file");
  for (const Member& member : options) {
    if (member.key != "apikey" || !has_own_key) {
      add_missing(output.options, member.key, member.value);
    }
  }
}

}  // namespace

void complete_mackerel_output(Draft& draft, Problems& problems) {
  if (!draft.apikey || draft.apikey->text.empty()) return;
  const Table options = options_of(draft, problems);
  const auto written = draft.outputs.find(output_name);
  if (written == draft.outputs.end()) return add_output(options, draft);
  DraftedOutput& output = written->second;
  if (output.settings.plugin == output_name) return fill_output(options, output);
  problems.fail(output.settings.where,
                fmt::format("plugin.outputs.{}: the apikey makes an output of this name; "
                            "expected another one",
                            output_name));
}

}  // namespace shoal::config
