// @NAME@: appends samples to a file, a line each.
#include <cerrno>
#include <cstring>
#include <fstream>

#include <shoal/plugin.hpp>

#include "line.h"

SHOAL_MANIFEST(R"({
  "id": "@NAME@", "version": "0.1.0", "abi": ")" SHOAL_ABI_TEXT R"(", "kind": "output",
  "summary": "appends samples to a file, a line each",
  "options": {
    "path": {"type": "string", "required": true, "description": "the file"}
  },
  "accepts": ["sample"]
})");

namespace {

class LineFile : public shoal::Output {
 public:
  explicit LineFile(shoal::Context& context) : path_(context.options().text("/path")) {}

  void deliver(shoal::Batch& batch) override {
    std::ofstream file(path_, std::ios::app);
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (batch[i].kind == SHOAL_RECORD_SAMPLE) file << to_line(*batch[i].sample);
    }
    // The agent keeps the batch until the file can be written.
    if (!file.flush()) throw shoal::Failure(path_ + ": " + std::strerror(errno), SHOAL_RETRY);
    batch.deliver_all();
  }

 private:
  std::string path_;
};

}  // namespace

SHOAL_PLUGIN(LineFile)
