// Feeds every file of the folders named on the command line to a fuzz target, once: an ordinary
// test, for any compiler, of what fuzzing found worth keeping.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argument_count, char** arguments) {
  int fed = 0;
  for (int i = 1; i < argument_count; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      // The last line before a crash names its input.
      std::printf("%s\n", entry.path().filename().c_str());
      std::fflush(stdout);
      feed(entry.path());
      ++fed;
    }
  }
  if (fed == 0) std::puts("the corpus is empty");
  return fed == 0 ? 1 : 0;
}
