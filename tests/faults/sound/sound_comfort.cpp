// Breaks no rule: a check with performance data, by plugin.hpp.
#include <fstream>
#include <string>

#include <shoal/plugin.hpp>

SHOAL_MANIFEST(R"({
  "id": "sound_comfort", "version": "1.0.0", "abi": ")" SHOAL_ABI_TEXT R"(", "kind": "check",
  "summary": "for the conformance tester",
  "options": {"path": {"type": "string", "default": "/proc/loadavg"},
              "limit": {"type": "number", "default": 100000}},
  "series": [{"name": "sound.value", "kind": "gauge", "unit": "float"}]
})");

namespace {

class Comfort : public shoal::Check {
 public:
  explicit Comfort(shoal::Context& context)
      : path_(context.options().text("/path")),
        limit_(context.options().number("/limit")),
        value_(context.gauge("sound.value", "float")) {}

  shoal::CheckVerdict check(shoal::Round& round) override {
    std::ifstream file(path_);
    double value = 0;
    if (!(file >> value)) throw shoal::Failure("path: expected a number at the start of the file");
    round.emit(value_, value);
    const std::uint32_t status = value > limit_ ? SHOAL_CHECK_CRITICAL : SHOAL_CHECK_OK;
    return {status, std::to_string(value)};
  }

 private:
  std::string path_;
  double limit_;
  shoal::Series value_;
};

}  // namespace

SHOAL_PLUGIN(Comfort)
