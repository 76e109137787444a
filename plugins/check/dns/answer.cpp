#include "answer.h"

#include <algorithm>
#include <ares.h>
#include <array>
#include <cstdint>

#include <arpa/inet.h>

namespace shoal::dns {
namespace {

constexpr std::uint32_t internet_class = 1;

// Once something did not fit, everything that is read is empty and is_good() is false.
class Reader {
 public:
  explicit Reader(std::string_view message) : message_(message) {}

  bool is_good() const { return is_good_; }
  std::size_t position() const { return position_; }
  void jump(std::size_t position) { position_ = position; }

  std::string_view bytes(std::size_t count) {
    if (!is_good_ || count > message_.size() - position_) {
      is_good_ = false;
      return {};
    }
    const auto taken = message_.substr(position_, count);
    position_ += count;
    return taken;
  }

  std::uint32_t number(std::size_t count) {
    std::uint32_t value = 0;
    for (const char c : bytes(count)) value = value << 8U | static_cast<unsigned char>(c);
    return value;
  }

  std::string name() {
    if (!is_good_) return {};
    const auto* const start = reinterpret_cast<const unsigned char*>(message_.data());
    char* expanded = nullptr;
    long size = 0;
    const int status = ares_expand_name(start + position_, start, static_cast<int>(message_.size()),
                                        &expanded, &size);
    is_good_ = status == ARES_SUCCESS;
    if (!is_good_) return {};
    std::string text = expanded[0] == '\0' ? "." : expanded;
    ares_free_string(expanded);
    position_ += static_cast<std::size_t>(size);
    return text;
  }

 private:
  std::string_view message_;
  std::size_t position_ = 0;
  bool is_good_ = true;
};

std::string address_text(int family, std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (bytes.empty()) return {};
  return inet_ntop(family, bytes.data(), text.data(), text.size());
}

std::string joined_texts(Reader& reader, std::size_t end) {
  std::string text;
  while (reader.is_good() && reader.position() < end) text += reader.bytes(reader.number(1));
  return text;
}

// 0 issue "ca.example"
std::string caa_text(Reader& reader, std::size_t end) {
  const auto flags = reader.number(1);
  const auto tag = reader.bytes(reader.number(1));
  const auto value = reader.bytes(end - std::min(end, reader.position()));
  return std::to_string(flags) + " " + std::string(tag) + " \"" + std::string(value) + "\"";
}

std::string field_text(char field, Reader& reader, std::size_t end) {
  switch (field) {
    case 'a':
      return address_text(AF_INET, reader.bytes(4));
    case 'q':
      return address_text(AF_INET6, reader.bytes(16));
    case 'n':
      return usual_name(reader.name());
    case '2':
      return std::to_string(reader.number(2));
    case '4':
      return std::to_string(reader.number(4));
    case 't':
      return printable(joined_texts(reader, end));
    default:
      return printable(caa_text(reader, end));
  }
}

std::string data_text(const RecordType& type, Reader& reader, std::size_t end) {
  std::string text;
  for (const char field : type.fields) {
    if (!text.empty()) text += ' ';
    text += field_text(field, reader, end);
  }
  return text;
}

// False if the record does not fit into the message.
bool take_record(Reader& reader, const RecordType& type, Answer& answer) {
  reader.name();
  const auto number = reader.number(2);
  const auto record_class = reader.number(2);
  reader.number(4);  // how long it may be kept
  const auto size = reader.number(2);
  const auto start = reader.position();
  reader.bytes(size);
  if (!reader.is_good()) return false;
  if (number != type.number || record_class != internet_class) return true;

  const auto end = start + size;
  reader.jump(start);
  answer.records.push_back(data_text(type, reader, end));
  return reader.is_good() && reader.position() == end;
}

void skip_question(Reader& reader) {
  reader.name();
  reader.number(4);
}

}  // namespace

Answer parse_answer(std::string_view message, const RecordType& type) {
  Reader reader(message);
  reader.number(2);  // the number of the question
  const auto flags = reader.number(2);
  auto questions = reader.number(2);
  auto records = reader.number(2);
  reader.number(4);  // how many records of other sections
  Answer answer{flags & 0xfU, (flags & 0x0200U) != 0, {}, {}};
  if (!reader.is_good()) {
    answer.fault = "the answer is shorter than its head";
  } else if ((flags & 0x8000U) == 0) {
    answer.fault = "the answer is a question";
  }
  for (; answer.fault.empty() && questions > 0; --questions) {
    skip_question(reader);
    if (!reader.is_good()) answer.fault = "the question in the answer is damaged";
  }
  const auto all = records;
  for (; answer.fault.empty() && records > 0; --records) {
    if (take_record(reader, type, answer)) continue;
    answer.fault = "record " + std::to_string(all - records + 1) + " of " + std::to_string(all) +
                   " in the answer is damaged";
  }
  return answer;
}

std::string code_name(unsigned code) {
  constexpr std::array<const char*, 6> names{"NOERROR",  "FORMERR", "SERVFAIL",
                                             "NXDOMAIN", "NOTIMP",  "REFUSED"};
  return code < names.size() ? names.at(code) : "rcode " + std::to_string(code);
}

}  // namespace shoal::dns
