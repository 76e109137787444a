// Records as outputs see them: the structs of shoal/records.h, borrowing their text from the
// records they were made of. Not thread-safe.
#pragma once

#include <span>
#include <vector>

#include <shoal/plugin.h>
#include <shoal/records.h>

#include "record/record.h"

namespace shoal::plugin {

class RecordBatch {
 public:
  // `records` must outlive this.
  explicit RecordBatch(std::span<const record::Record> records);
  RecordBatch(const RecordBatch&) = delete;
  RecordBatch& operator=(const RecordBatch&) = delete;

  // Valid as long as this.
  const shoal_batch* get() const { return &batch_; }

 private:
  void count(const record::Record& record);
  void reserve();
  void add(const record::Sample& sample);
  void add(const record::CheckResult& result);
  void add(const record::Event& event);
  void add(const record::Metadata& metadata);
  void add(const record::GraphDefinition& graph);

  shoal_sample sample_of(const record::Sample& sample);
  shoal_array labels_of(const std::vector<record::Label>& labels);

  // What points into these is made while they are filled: they never grow beyond what they were
  // counted for.
  struct Counts {
    std::size_t samples = 0, results = 0, events = 0, metadata = 0, graphs = 0;
    std::size_t performance = 0, labels = 0, graph_metrics = 0;
  } counts_;
  std::vector<shoal_record> records_;
  std::vector<shoal_sample> samples_;
  std::vector<shoal_sample> performance_;
  std::vector<shoal_check_result> results_;
  std::vector<shoal_event> events_;
  std::vector<shoal_metadata> metadata_;
  std::vector<shoal_graph_definition> graphs_;
  std::vector<shoal_graph_metric> graph_metrics_;
  std::vector<shoal_label> labels_;
  shoal_batch batch_{};
};

}  // namespace shoal::plugin
