#include "plugin/record_batch.h"

#include <variant>

#include "plugin/border.h"

namespace shoal::plugin {
namespace {

template <class T>
shoal_array array_of(const std::vector<T>& all, std::size_t first) {
  return {all.data() + first, static_cast<std::uint32_t>(all.size() - first), sizeof(T)};
}

std::uint32_t origin_of(record::Origin origin) {
  return static_cast<std::uint32_t>(origin);
}

shoal_record record_of(std::uint32_t kind) {
  return {sizeof(shoal_record), kind, nullptr, nullptr, nullptr, nullptr, nullptr};
}

}  // namespace

RecordBatch::RecordBatch(std::span<const record::Record> records) {
  for (const auto& record : records) count(record);
  reserve();
  records_.reserve(records.size());
  for (const auto& record : records) {
    std::visit([this](const auto& one) { add(one); }, record);
  }
  batch_ = {sizeof(shoal_batch), 0, array_of(records_, 0)};
}

void RecordBatch::count(const record::Record& record) {
  if (const auto* sample = std::get_if<record::Sample>(&record)) {
    ++counts_.samples;
    counts_.labels += sample->labels.size();
  } else if (const auto* result = std::get_if<record::CheckResult>(&record)) {
    ++counts_.results;
    counts_.performance += result->samples.size();
    for (const auto& one : result->samples) counts_.labels += one.labels.size();
  } else if (const auto* event = std::get_if<record::Event>(&record)) {
    ++counts_.events;
    counts_.labels += event->links.size();
  } else if (const auto* graph = std::get_if<record::GraphDefinition>(&record)) {
    ++counts_.graphs;
    counts_.graph_metrics += graph->metrics.size();
  } else {
    ++counts_.metadata;
  }
}

void RecordBatch::reserve() {
  samples_.reserve(counts_.samples);
  performance_.reserve(counts_.performance);
  results_.reserve(counts_.results);
  events_.reserve(counts_.events);
  metadata_.reserve(counts_.metadata);
  graphs_.reserve(counts_.graphs);
  graph_metrics_.reserve(counts_.graph_metrics);
  labels_.reserve(counts_.labels);
}

shoal_array RecordBatch::labels_of(const std::vector<record::Label>& labels) {
  const auto first = labels_.size();
  for (const auto& label : labels) labels_.push_back({text_of(label.key), text_of(label.value)});
  return array_of(labels_, first);
}

shoal_sample RecordBatch::sample_of(const record::Sample& sample) {
  return {sizeof(shoal_sample),          origin_of(sample.origin),         text_of(sample.name),
          text_of(sample.unit),          labels_of(sample.labels),         sample.value,
          unix_nanoseconds(sample.time), text_of(sample.custom_identifier)};
}

void RecordBatch::add(const record::Sample& sample) {
  samples_.push_back(sample_of(sample));
  auto record = record_of(SHOAL_RECORD_SAMPLE);
  record.sample = &samples_.back();
  records_.push_back(record);
}

void RecordBatch::add(const record::CheckResult& result) {
  const auto first = performance_.size();
  for (const auto& sample : result.samples) performance_.push_back(sample_of(sample));
  results_.push_back({sizeof(shoal_check_result), static_cast<std::uint32_t>(result.status),
                      text_of(result.name), text_of(result.text), unix_nanoseconds(result.time),
                      array_of(performance_, first), text_of(result.custom_identifier)});
  auto record = record_of(SHOAL_RECORD_CHECK_RESULT);
  record.check_result = &results_.back();
  records_.push_back(record);
}

void RecordBatch::add(const record::Event& event) {
  events_.push_back({sizeof(shoal_event), static_cast<std::uint32_t>(event.from),
                     static_cast<std::uint32_t>(event.to), event.is_hard ? 1U : 0U,
                     text_of(event.id), text_of(event.job), text_of(event.text),
                     text_of(event.dedupe_key), unix_nanoseconds(event.time),
                     unix_nanoseconds(event.since), labels_of(event.links)});
  auto record = record_of(SHOAL_RECORD_EVENT);
  record.event = &events_.back();
  records_.push_back(record);
}

void RecordBatch::add(const record::Metadata& metadata) {
  metadata_.push_back({sizeof(shoal_metadata), 0, text_of(metadata.name), text_of(metadata.json),
                       unix_nanoseconds(metadata.time)});
  auto record = record_of(SHOAL_RECORD_METADATA);
  record.metadata = &metadata_.back();
  records_.push_back(record);
}

void RecordBatch::add(const record::GraphDefinition& graph) {
  const auto first = graph_metrics_.size();
  for (const auto& metric : graph.metrics) {
    graph_metrics_.push_back({sizeof(shoal_graph_metric), metric.is_stacked ? 1U : 0U,
                              text_of(metric.name), text_of(metric.label)});
  }
  graphs_.push_back({sizeof(shoal_graph_definition), origin_of(graph.origin), text_of(graph.name),
                     text_of(graph.label), text_of(graph.unit), array_of(graph_metrics_, first)});
  auto record = record_of(SHOAL_RECORD_GRAPH_DEFINITION);
  record.graph_definition = &graphs_.back();
  records_.push_back(record);
}

}  // namespace shoal::plugin
