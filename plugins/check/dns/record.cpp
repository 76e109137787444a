#include "record.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include <arpa/inet.h>

#include "common/fields.h"

namespace shoal::dns {
namespace {

constexpr std::array<RecordType, 10> types{
    {{"A", 1, "a", "192.0.2.1"},
     {"AAAA", 28, "q", "2001:db8::1"},
     {"CAA", 257, "c", R"(0 issue \"ca.example\")"},
     {"CNAME", 5, "n", "www.example.com"},
     {"MX", 15, "2n", "10 mail.example.com"},
     {"NS", 2, "n", "ns.example.com"},
     {"PTR", 12, "n", "www.example.com"},
     {"SOA", 6, "nn44444", "ns.example.com admin.example.com 7 7200 3600 1209600 300"},
     {"SRV", 33, "222n", "10 5 5060 sip.example.com"},
     {"TXT", 16, "t", "v=spf1 -all"}}};

using Ipv4 = std::array<unsigned char, 4>;
using Ipv6 = std::array<unsigned char, 16>;

char small_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string normalized_address(int family, const std::string& text) {
  Ipv6 bytes{};
  std::array<char, INET6_ADDRSTRLEN> usual{};
  if (inet_pton(family, text.c_str(), bytes.data()) != 1) return {};
  return inet_ntop(family, bytes.data(), usual.data(), usual.size());
}

// Empty if it is none of so many bytes.
std::string normalized_number(std::string_view word, unsigned bytes) {
  const auto number = common::to_number(word);
  const bool fits = number && *number >> (8 * bytes) == 0;
  return fits ? std::to_string(*number) : std::string();
}

std::string normalized_words(std::string_view fields, std::string_view text) {
  std::string words;
  for (const char field : fields) {
    const auto word = common::take_field(text);
    if (!word) return {};
    const auto usual = field == 'n' ? usual_name(*word)
                                    : normalized_number(*word, static_cast<unsigned>(field - '0'));
    if (usual.empty()) return {};
    words += (words.empty() ? "" : " ") + usual;
  }
  return common::take_field(text) ? std::string() : words;
}

// Flags, a tag, and a value in quotes.
std::string normalized_caa(std::string_view text) {
  const auto flags = common::take_field(text);
  const auto tag = common::take_field(text);
  const auto start = text.find('"');
  const auto end = text.find_last_of('"');
  if (!flags || !tag || start == end) return {};
  const bool is_alone = text.find_first_not_of(' ') == start && text.find_last_not_of(' ') == end;
  const auto number = normalized_number(*flags, 1);
  if (number.empty() || !is_alone) return {};
  return number + " " + printable(*tag) + " " + printable(text.substr(start, end - start + 1));
}

void make_set(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

std::string reverse_ipv4(const Ipv4& bytes) {
  std::string name;
  for (auto it = bytes.rbegin(); it != bytes.rend(); ++it) name += std::to_string(*it) + ".";
  return name + "in-addr.arpa";
}

std::string reverse_ipv6(const Ipv6& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name;
  for (auto it = bytes.rbegin(); it != bytes.rend(); ++it) {
    name += {digits[*it & 15U], '.', digits[*it >> 4U], '.'};
  }
  return name + "ip6.arpa";
}

}  // namespace

const RecordType* find_record_type(std::string_view name) {
  const auto* const found =
      std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.name == name; });
  return found == types.end() ? nullptr : found;
}

std::string reverse_name(const std::string& host) {
  Ipv4 ipv4{};
  if (inet_pton(AF_INET, host.c_str(), ipv4.data()) == 1) return reverse_ipv4(ipv4);
  Ipv6 ipv6{};
  if (inet_pton(AF_INET6, host.c_str(), ipv6.data()) == 1) return reverse_ipv6(ipv6);
  return host;
}

std::string printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~') {
      text += c;
      continue;
    }
    std::array<char, 8> escaped{};
    std::snprintf(escaped.data(), escaped.size(), "\\%03u",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += escaped.data();
  }
  return text;
}

std::string usual_name(std::string_view name) {
  if (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
  std::string usual;
  std::transform(name.begin(), name.end(), std::back_inserter(usual), &small_letter);
  return usual;
}

std::string normalized(const RecordType& type, const std::string& data) {
  switch (type.fields.front()) {
    case 'a':
      return normalized_address(AF_INET, data);
    case 'q':
      return normalized_address(AF_INET6, data);
    case 't':
      return printable(data);
    case 'c':
      return normalized_caa(data);
    default:
      return normalized_words(type.fields, data);
  }
}

Match compare(std::vector<std::string> expected, std::vector<std::string> found) {
  make_set(expected);
  make_set(found);
  if (expected == found) return Match::equal;
  const bool has_common = std::any_of(expected.begin(), expected.end(), [&](const auto& one) {
    return std::binary_search(found.begin(), found.end(), one);
  });
  return has_common ? Match::partial : Match::none;
}

}  // namespace shoal::dns
