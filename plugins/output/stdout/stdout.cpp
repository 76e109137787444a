#include <string>
#include <unistd.h>

#include <shoal/plugin.hpp>

#include "json_line.h"
#include "line_writer.h"
#include "sensu_line.h"

SHOAL_MANIFEST(R"({
  "id": "stdout",
  "version": "0.1.0",
  "abi": ")" SHOAL_ABI_TEXT R"(",
  "kind": "output",
  "summary": "prints records on the agent's standard output",
  "accepts": ["sample", "check_result", "event", "metadata", "graph_definition"],
  "durable": false,
  "options": {
    "format": {"type": "string", "enum": ["sensu", "json"], "default": "sensu", "description": "sensu: a line of name, value and time for each sample; json: an object on a line for each record"}
  }
})");

namespace {

using AppendLine = void (*)(std::string&, const shoal_record&);

AppendLine line_of(const std::string& format) {
  if (format == "sensu") return shoal::stdout_output::append_sensu_line;
  if (format == "json") return shoal::stdout_output::append_json_line;
  throw shoal::Failure("option format: expected \"sensu\" or \"json\", found \"" + format + "\"",
                       SHOAL_CONFIG);
}

class Stdout : public shoal::Output {
 public:
  explicit Stdout(shoal::Context& context)
      : append_line_(line_of(context.options().text("/format", "sensu"))),
        writer_(STDOUT_FILENO, "stdout") {}

  void deliver(shoal::Batch& batch) override {
    lines_.clear();
    for (std::uint32_t i = 0; i < batch.size(); ++i) append_line_(lines_, batch[i]);
    writer_.write(lines_, [&] { return batch.is_cancelled(); });
    batch.deliver_all();
  }

 private:
  AppendLine append_line_;
  shoal::stdout_output::LineWriter writer_;
  std::string lines_;
};

}  // namespace

SHOAL_PLUGIN(Stdout);
