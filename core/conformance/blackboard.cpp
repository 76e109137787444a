#include "conformance/blackboard.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include <sys/mman.h>

#include "base/error.h"
#include "base/utf8.h"

namespace shoal::conformance {
namespace {

constexpr std::size_t longest_text = 600;

struct Line {
  Rule rule;
  std::array<char, longest_text + 1> text;
};

template <std::size_t size>
void write_text(std::array<char, size>& target, std::string_view text) {
  const auto safe = to_utf8(text, size - 1);
  target.fill('\0');
  std::copy(safe.begin(), safe.end(), target.begin());
}

}  // namespace

// Zero to begin with, as anonymous memory is.
struct Blackboard::Memory {
  std::atomic<std::uint32_t> line_count;
  std::atomic<std::uint32_t> is_finished;
  std::atomic<std::uint32_t> has_given_up;
  Rule act_rule;
  std::array<char, 200> act;
  std::array<Line, 128> lines;
};

Blackboard::Blackboard() {
  void* const memory =
      mmap(nullptr, sizeof(Memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw_errno("map shared memory");
  memory_ = static_cast<Memory*>(memory);
}

Blackboard::~Blackboard() {
  munmap(memory_, sizeof(Memory));
}

void Blackboard::say(Rule rule, std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (!said_.insert(rule).second) return;
  const auto index = memory_->line_count.load();
  if (index == memory_->lines.size()) return;
  memory_->lines[index].rule = rule;
  write_text(memory_->lines[index].text, text);
  memory_->line_count = index + 1;
}

void Blackboard::begin_act(std::string_view act, Rule rule) {
  const std::lock_guard lock(mutex_);
  memory_->act_rule = rule;
  write_text(memory_->act, act);
}

void Blackboard::end_act() {
  const std::lock_guard lock(mutex_);
  write_text(memory_->act, "");
}

void Blackboard::die_of(Rule rule) noexcept {
  memory_->act_rule = rule;
}

void Blackboard::give_up() {
  memory_->has_given_up = 1;
}

void Blackboard::finish() {
  memory_->is_finished = 1;
}

std::vector<Finding> Blackboard::findings() const {
  const auto count = std::min<std::size_t>(memory_->line_count, memory_->lines.size());
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < count; ++i) {
    findings.push_back({memory_->lines[i].rule, memory_->lines[i].text.data()});
  }
  return findings;
}

std::string Blackboard::act() const {
  return memory_->act.data();
}

Rule Blackboard::act_rule() const {
  return memory_->act_rule;
}

bool Blackboard::has_given_up() const {
  return memory_->has_given_up != 0;
}

bool Blackboard::is_finished() const {
  return memory_->is_finished != 0;
}

}  // namespace shoal::conformance
