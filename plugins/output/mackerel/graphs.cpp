#include "graphs.h"

#include "payload.h"

namespace shoal::mackerel {

void post_graphs(const Account& account, Batch& batch) {
  Indices graphs;
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    if (batch[i].kind == SHOAL_RECORD_GRAPH_DEFINITION) graphs.push_back(i);
  }
  const auto post = [&](const Indices& indices) {
    std::vector<const shoal_graph_definition*> definitions;
    for (const auto i : indices) definitions.push_back(batch[i].graph_definition);
    account.api().post(batch, "/api/v0/graph-defs/create", graphs_json(definitions));
  };
  const auto name = [&](std::uint32_t i) {
    return "graph definition " + std::string(view(batch[i].graph_definition->name));
  };
  post_apart(batch, graphs, {"graph definitions are", post, name});
}

}  // namespace shoal::mackerel
