#include "cloud.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace shoal::mackerel {
namespace {

using nlohmann::json;

constexpr const char* link_local = "http://169.254.169.254";
constexpr std::uint32_t patience_ms = 3'000;
constexpr int success = 200;

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Nothing if the service does not answer; its refusals are answers.
std::optional<HttpResponse> ask_service(const Call& call, HttpRequest request) {
  request.timeout_ms = patience_ms;
  request.proxy = "direct";
  try {
    return call.http(request);
  } catch (const Failure& failure) {
    call.context().log(SHOAL_LOG_INFO, "cloud metadata: " + request.url + ": " + failure.what());
    return std::nullopt;
  }
}

// What one path of the service says: empty if it has no such thing, nothing if it does not answer.
class Service {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  Service(const Call& call, std::string base, Headers headers)
      : call_(call), base_(std::move(base)), headers_(std::move(headers)) {}

  std::optional<std::string> get(const std::string& path) const {
    const auto answer = ask_service(call_, {.url = base_ + path, .headers = headers_});
    if (!answer) return std::nullopt;
    return answer->status == success ? answer->body : "";
  }

  // Each of `keys` under its name, as far as it is there; nothing if one is not answered.
  template <class Keys>
  std::optional<std::map<std::string, std::string>> get_all(const Keys& keys) const {
    std::map<std::string, std::string> all;
    for (const auto& [name, path] : keys) {
      const auto value = get(path);
      if (!value) return std::nullopt;
      if (!value->empty()) all[name] = *value;
    }
    return all;
  }

 private:
  const Call& call_;
  std::string base_;
  Headers headers_;
};

// Machines that do not have the newer protocol answer without a token as well.
Service::Headers ec2_token(const Call& call) {
  const auto answer =
      ask_service(call, {.method = "PUT",
                         .url = std::string(link_local) + "/latest/api/token",
                         .headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}});
  if (!answer || answer->status != success) return {};
  return {{"X-aws-ec2-metadata-token", answer->body}};
}

std::optional<Cloud> ask_ec2(const Call& call) {
  constexpr std::array names{"instance-id",     "instance-type",   "placement/availability-zone",
                             "security-groups", "ami-id",          "hostname",
                             "local-hostname",  "public-hostname", "local-ipv4",
                             "public-ipv4",     "reservation-id"};
  const Service service(call, std::string(link_local) + "/latest/meta-data/", ec2_token(call));
  // Other clouds imitate the service, but not this.
  const auto partition = service.get("services/partition");
  if (!partition || !partition->starts_with("aws")) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> keys;
  for (const auto* name : names) keys.emplace_back(name, name);
  const auto metadata = service.get_all(keys);
  if (!metadata || !metadata->contains("instance-id")) return std::nullopt;
  return Cloud{"ec2", metadata->at("instance-id") + ".ec2.amazonaws.com", *metadata};
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::optional<Cloud> ask_gce(const Call& call) {
  const Service service(call, "http://metadata.google.internal./computeMetadata/v1",
                        {{"Metadata-Flavor", "Google"}});
  const auto answer = json::parse(service.get("?recursive=true").value_or(""), nullptr, false);
  if (!answer.is_object() || !answer.contains("instance")) return std::nullopt;
  const auto& instance = answer["instance"];
  const auto id = instance.is_object() ? text_of(instance, "id") : "";
  if (id.empty()) return std::nullopt;
  Cloud cloud{"gce",
              id + ".gce.cloud.google.com",
              {{"instance-id", id},
               {"hostname", text_of(instance, "hostname")},
               {"instance-type", last_part(text_of(instance, "machineType"))},
               {"zone", last_part(text_of(instance, "zone"))}}};
  if (answer.contains("project") && answer["project"].is_object()) {
    cloud.metadata["projectId"] = text_of(answer["project"], "projectId");
  }
  std::erase_if(cloud.metadata, [](const auto& one) { return one.second.empty(); });
  return cloud;
}

std::optional<Cloud> ask_azure(const Call& call) {
  constexpr const char* text = "?api-version=2017-04-02&format=text";
  constexpr const char* addresses = "network/interface/0/ipv4/ipAddress/0/";
  const std::vector<std::pair<std::string, std::string>> keys{
      {"vmID", std::string("compute/vmId") + text},
      {"location", std::string("compute/location") + text},
      {"imageReferenceOffer", std::string("compute/offer") + text},
      {"osSystemType", std::string("compute/osType") + text},
      {"imageReferencePublisher", std::string("compute/publisher") + text},
      {"imageReferenceSku", std::string("compute/sku") + text},
      {"virtualMachineSizeType", std::string("compute/vmSize") + text},
      {"privateIpAddress", std::string(addresses) + "privateIpAddress" + text},
      {"publicIpAddress", std::string(addresses) + "publicIpAddress" + text}};
  const Service service(call, std::string(link_local) + "/metadata/instance/",
                        {{"Metadata", "true"}});
  const auto metadata = service.get_all(keys);
  if (!metadata || !metadata->contains("vmID")) return std::nullopt;
  return Cloud{"AzureVM", metadata->at("vmID") + ".virtual_machine.azure.microsoft.com", *metadata};
}

Platform platform_named(const std::string& name, const std::string& sys) {
  if (name == "ec2") return Platform::ec2;
  if (name == "gce") return Platform::gce;
  if (name == "azurevm") return Platform::azure;
  return name == "none" ? Platform::none : platform_of_machine(sys);
}

}  // namespace

bool is_ec2_uuid(std::string_view uuid) {
  const auto begins = [&](std::size_t first, std::size_t second, std::size_t third) {
    const auto at = [&](std::size_t i) {
      return i < uuid.size() ? std::tolower(static_cast<unsigned char>(uuid[i])) : 0;
    };
    return at(first) == 'e' && at(second) == 'c' && at(third) == '2';
  };
  return begins(0, 1, 2) || begins(6, 7, 4);
}

Platform platform_of_machine(const std::string& sys) {
  const auto dmi = sys + "/devices/virtual/dmi/id/";
  const auto vendor = first_line(dmi + "sys_vendor");
  // Only root may read the UUID; the vendor says as much.
  const bool is_ec2 = is_ec2_uuid(first_line(sys + "/hypervisor/uuid")) ||
                      is_ec2_uuid(first_line(dmi + "product_uuid")) || vendor == "Amazon EC2";
  if (is_ec2) return Platform::ec2;
  if (first_line(dmi + "product_name").starts_with("Google")) return Platform::gce;
  return vendor == "Microsoft Corporation" ? Platform::azure : Platform::none;
}

CloudFinder::CloudFinder(const Options& options, const std::string& sys)
    : platform_(platform_named(options.text("/cloud_platform", "auto"), sys)) {}

void CloudFinder::ask(const Call& call) {
  std::optional<Cloud> answer;
  if (platform_ == Platform::ec2) answer = ask_ec2(call);
  if (platform_ == Platform::gce) answer = ask_gce(call);
  if (platform_ == Platform::azure) answer = ask_azure(call);
  if (answer) known_ = std::move(answer);
}

}  // namespace shoal::mackerel
