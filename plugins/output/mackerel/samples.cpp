#include "samples.h"

#include <map>

#include "payload.h"

namespace shoal::mackerel {
namespace {

// How the agent marks what speaks for a service.
constexpr std::string_view service_mark = "service:";

struct Group {
  std::vector<Point> points;
  Indices indices;

  void add(Point point, std::uint32_t index) {
    points.push_back(std::move(point));
    indices.push_back(index);
  }
};

class Samples {
 public:
  Samples(Account& account, Batch& batch) : account_(account), batch_(batch) {
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (batch[i].kind == SHOAL_RECORD_SAMPLE) sort(i);
    }
  }

  void post() {
    if (!of_hosts_.points.empty()) {
      account_.api().post(batch_, "/api/v0/tsdb",
                          points_json(of_hosts_.points, newest_of_minute(of_hosts_.points)));
    }
    for (const auto i : of_hosts_.indices) batch_.deliver(i);
    for (const auto& [service, group] : of_services_) post_service(service, group);
  }

 private:
  void sort(std::uint32_t index) {
    const shoal_sample& sample = *batch_[index].sample;
    const auto identifier = view(sample.custom_identifier);
    if (identifier.starts_with(service_mark)) {
      const auto service = identifier.substr(service_mark.size());
      of_services_[std::string(service)].add(
          {"", service_metric_name(sample), sample.time_ns, sample.value}, index);
      return;
    }
    auto host_id = account_.host_id(identifier, batch_);
    if (host_id.empty()) {
      return reject(batch_, index,
                    "samples for custom_identifier " + std::string(identifier) +
                        " are refused: the API knows no such host");
    }
    of_hosts_.add({std::move(host_id), metric_name(sample), sample.time_ns, sample.value}, index);
  }

  void post_service(const std::string& service, const Group& group) {
    std::map<std::uint32_t, const Point*> by_index;
    for (std::size_t i = 0; i < group.indices.size(); ++i) {
      by_index[group.indices[i]] = &group.points[i];
    }
    const auto post = [&](const Indices& indices) {
      std::vector<Point> points;
      for (const auto i : indices) points.push_back(*by_index[i]);
      account_.api().post(batch_, "/api/v0/services/" + service + "/tsdb",
                          points_json(points, newest_of_minute(points)));
    };
    const auto name = [&](std::uint32_t i) { return "service metric " + by_index[i]->name; };
    post_apart(batch_, group.indices, {"metrics of service " + service + " are", post, name});
  }

  Account& account_;
  Batch& batch_;
  Group of_hosts_;
  std::map<std::string, Group> of_services_;
};

}  // namespace

void post_samples(Account& account, Batch& batch) {
  Samples(account, batch).post();
}

}  // namespace shoal::mackerel
