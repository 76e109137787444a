// @NAME@: whether this host runs out of open files.
#include <shoal/plugin.hpp>

#include "file_nr.h"

SHOAL_MANIFEST(R"({
  "id": "@NAME@", "version": "0.1.0", "abi": ")" SHOAL_ABI_TEXT R"(", "kind": "check",
  "summary": "whether this host runs out of open files",
  "options": {
    "warning": {"type": "number", "default": 80, "minimum": 0, "maximum": 100,
                "description": "WARNING above this percentage of what may be open"},
    "critical": {"type": "number", "default": 90, "minimum": 0, "maximum": 100,
                 "description": "CRITICAL above this percentage"}
  }
})");

namespace {

class OpenFiles : public shoal::Check {
 public:
  explicit OpenFiles(shoal::Context& context)
      : warning_(context.options().number("/warning")),
        critical_(context.options().number("/critical")) {
    if (critical_ < warning_) {
      throw shoal::Failure("critical: expected no less than warning", SHOAL_CONFIG);
    }
  }

  shoal::CheckVerdict check(shoal::Round&) override {
    const FileNr found = parse_file_nr(read_text("/proc/sys/fs/file-nr"));
    const double percentage = 100 * found.open / found.most;
    return {judge(percentage), std::to_string(percentage) + " % of all possible files are open"};
  }

 private:
  std::uint32_t judge(double percentage) const {
    if (percentage > critical_) return SHOAL_CHECK_CRITICAL;
    return percentage > warning_ ? SHOAL_CHECK_WARNING : SHOAL_CHECK_OK;
  }

  double warning_;
  double critical_;
};

}  // namespace

SHOAL_PLUGIN(OpenFiles)
