// Breaks no rule: an output that judges each record by itself, by plugin.hpp.
#include <shoal/plugin.hpp>

SHOAL_MANIFEST(R"({
  "id": "sound_sorter", "version": "1.0.0", "abi": ")" SHOAL_ABI_TEXT R"(", "kind": "output",
  "summary": "for the conformance tester", "accepts": ["sample"], "durable": false
})");

namespace {

class Sorter : public shoal::Output {
 public:
  explicit Sorter(shoal::Context&) {}

  void deliver(shoal::Batch& batch) override {
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (batch.is_cancelled()) throw shoal::Failure("cancelled", SHOAL_CANCELLED);
      batch.deliver(i);
    }
  }
};

}  // namespace

SHOAL_PLUGIN(Sorter)
