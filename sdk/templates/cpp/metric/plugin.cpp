// @NAME@: how many files are open on this host.
#include <shoal/plugin.hpp>

#include "file_nr.h"

SHOAL_MANIFEST(R"({
  "id": "@NAME@", "version": "0.1.0", "abi": ")" SHOAL_ABI_TEXT R"(", "kind": "metric",
  "summary": "how many files are open on this host",
  "options": {
    "path": {"type": "string", "default": "/proc/sys/fs/file-nr",
             "description": "where the kernel tells"}
  },
  "series": [
    {"name": "@NAME@.open", "kind": "gauge", "unit": "integer"},
    {"name": "@NAME@.most", "kind": "gauge", "unit": "integer"}
  ]
})");

namespace {

class OpenFiles : public shoal::Metric {
 public:
  explicit OpenFiles(shoal::Context& context)
      : path_(context.options().text("/path")),
        open_(context.gauge("@NAME@.open", "integer")),
        most_(context.gauge("@NAME@.most", "integer")) {}

  void collect(shoal::Round& round) override {
    const FileNr found = parse_file_nr(read_text(path_));
    round.emit(open_, found.open);
    round.emit(most_, found.most);
  }

 private:
  std::string path_;
  shoal::Series open_;
  shoal::Series most_;
};

}  // namespace

SHOAL_PLUGIN(OpenFiles)
