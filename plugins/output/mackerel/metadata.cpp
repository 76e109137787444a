#include "metadata.h"

#include <nlohmann/json.hpp>

#include "payload.h"
#include "sent_file.h"

namespace shoal::mackerel {
namespace {

using nlohmann::json;

constexpr std::size_t longest_value = 100 * 1024;
constexpr std::size_t most_namespaces = 50;
constexpr std::string_view any_output = "output:";
constexpr std::string_view first_output = "output:mackerel";

json value_of(std::string_view text) {
  auto value = json::parse(text, nullptr, false);
  return value.is_discarded() ? json() : value;
}

}  // namespace

std::string metadata_fault(std::string_view name, std::string_view json, std::size_t number) {
  if (!is_api_name(name)) return "expected a name of [A-Za-z0-9_-]";
  if (name.starts_with("mackerel")) return "names that begin with \"mackerel\" are Mackerel's own";
  if (number >= most_namespaces) return "Mackerel keeps at most 50 of a host";
  if (json.size() <= longest_value) return {};
  return "expected at most 100 KB, got " + std::to_string(json.size()) + " bytes";
}

// Both kinds of integers compare with doubles by value; beyond 2^53 more exactly than as doubles.
bool is_same_json(std::string_view a, std::string_view b) {
  return a == b || value_of(a) == value_of(b);
}

Metadata::Metadata(const Context& context) : context_(context) {
  const auto& job = context.job();
  const bool is_other = job.starts_with(any_output) && job != first_output;
  if (is_other) other_output_ = job.substr(any_output.size());
}

void Metadata::put(Account& account, Batch& batch) {
  std::map<std::string_view, std::uint32_t> newest;
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    if (batch[i].kind != SHOAL_RECORD_METADATA) continue;
    const auto [entry, is_first] = newest.emplace(view(batch[i].metadata->name), i);
    if (is_first) continue;
    const bool is_newer = batch[entry->second].metadata->time_ns <= batch[i].metadata->time_ns;
    batch.deliver(is_newer ? entry->second : i);
    if (is_newer) entry->second = i;
  }
  for (const auto& [name, index] : newest) put_one(account, batch, index);
}

void Metadata::put_one(Account& account, Batch& batch, std::uint32_t index) {
  const std::string name(view(batch[index].metadata->name));
  const auto value = view(batch[index].metadata->json);
  const auto rules = account.inventory().metadata(name);
  if (const auto fault = metadata_fault(name, value, rules.number); !fault.empty()) {
    return reject(batch, index, "metadata " + name + ": " + fault);
  }
  const auto file = sent_file(name, rules.workdir, other_output_);
  if (is_known(file, value)) return batch.deliver(index);
  const auto post = [&](const Indices&) {
    account.api().put(batch, "/api/v0/hosts/" + account.host_id() + "/metadata/" + name,
                      std::string(value));
    remember(file, value);
  };
  post_apart(batch, {index},
             {"metadata " + name + " is", post, [&](auto) { return "metadata " + name; }});
}

bool Metadata::is_known(const std::string& file, std::string_view json) {
  const auto sent = sent_.find(file);
  if (sent != sent_.end()) return is_same_json(sent->second, json);
  return is_same_json(read_sent(file).value_or("null"), json);
}

void Metadata::remember(const std::string& file, std::string_view json) {
  sent_[file] = json;
  if (const auto failure = write_sent(file, json)) context_.log(SHOAL_LOG_WARNING, *failure);
}

}  // namespace shoal::mackerel
