// The keys at the top of a file, and the tables [host_status], [filesystems], [disks],
// [interfaces].
#include <string_view>
#include <utility>

#include "config/options.h"
#include "config/secrets.h"
#include "config/sections.h"

namespace shoal::config {

namespace {

const std::string known_keys[] = {
    "apikey",      "apibase",      "root",     "pidfile",     "conffile",
    "roles",       "display_name", "verbose",  "silent",      "diagnostic",
    "http_proxy",  "https_proxy",  "include",  "host_status", "cloud_platform",
    "interfaces",  "filesystems",  "disks",    "plugin",      "disable_http_keep_alive",
    "apikey_file", "plugin_dir",   "socket",   "history",     "host_metrics",
    "connection",  "sensu",        "silences", "relay"};

// Tables that mackerel-agent once had, and since when it ignores them.
constexpr std::pair<std::string_view, std::string_view> removed_tables[] = {
    {"connection", "no longer has an effect, mackerel-agent ignores it since 0.49.0"},
    {"sensu", "no longer has an effect, mackerel-agent ignores it since 0.30.0"}};

template <class T>
void assign(T& target, std::optional<T> said) {
  if (said) target = std::move(*said);
}

void keep(Table& table, const Section& section, std::string_view key) {
  put(table, key, *section.find(key));
}

void read_apikey(const Section& top, Draft& draft) {
  const auto apikey = top.text("apikey");
  const auto file = top.text("apikey_file");
  if (apikey && file) top.fail("apikey_file", "give either this or apikey");
  if (apikey) {
    draft.apikey = Written{*apikey, top.where_is("apikey")};
    if (!apikey->empty()) advise_if_readable_by_all(top.where().file, "apikey", top.problems());
  } else if (file) {
    const auto secret = read_secret(*file, top, "apikey_file");
    if (secret) draft.apikey = Written{*secret, top.where_is("apikey_file")};
  }
}

void read_roles(const Section& top, Draft& draft) {
  const auto roles = top.texts("roles");
  if (!roles) return;
  draft.roles.clear();
  for (const std::string& role : *roles) draft.roles.push_back({role, top.where_is("roles")});
}

void read_mackerel_options(const Section& top, Draft& draft) {
  for (const std::string_view key : {"apibase", "display_name"}) {
    if (top.text(key)) keep(draft.mackerel_options, top, key);
  }
  if (const auto is_disabled = top.flag("disable_http_keep_alive")) {
    put(draft.mackerel_options, "keep_alive",
        {.content = !*is_disabled, .where = top.where_is("disable_http_keep_alive")});
  }
}

void read_settings(const Section& top, Draft& draft) {
  Settings& settings = draft.settings;
  assign(settings.root, top.text("root"));
  assign(settings.pidfile, top.text("pidfile"));
  assign(settings.plugin_dir, top.text("plugin_dir"));
  assign(settings.socket, top.text("socket"));
  assign(settings.http_proxy, top.text("http_proxy"));
  assign(settings.https_proxy, top.text("https_proxy"));
  assign(settings.diagnostic, top.flag("diagnostic"));
  assign(settings.is_history_enabled, top.flag("history"));
  assign(draft.is_verbose, top.flag("verbose"));
  assign(draft.is_silent, top.flag("silent"));
  assign(settings.cloud_platform,
         top.word("cloud_platform", {"auto", "none", "ec2", "gce", "azurevm", ""}));
  if (top.has("cloud_platform")) keep(draft.mackerel_options, top, "cloud_platform");
  // What it says never counted: the file that is read is the one named on the command line.
  top.text("conffile");
}

void read_host_status(const Section& top, Draft& draft) {
  static const std::string known[] = {"on_start", "on_stop"};
  const auto section = top.table("host_status");
  if (!section) return;
  const auto status = [&](std::string_view key) {
    return section->word(key, {"working", "standby", "maintenance", "poweroff", ""});
  };
  const auto on_start = status("on_start");
  const auto on_stop = status("on_stop");
  if (on_start) put(draft.mackerel_options, "host_status_on_start", *section->find("on_start"));
  if (on_stop) put(draft.mackerel_options, "host_status_on_stop", *section->find("on_stop"));
  assign(draft.settings.host_status_on_start, on_start);
  assign(draft.settings.host_status_on_stop, on_stop);
  section->check_keys(known, UnknownKeys::warned);
}

void read_filesystems(const Section& top, Draft& draft) {
  static const std::string known[] = {"ignore", "use_mountpoint"};
  const auto section = top.table("filesystems");
  if (!section) return;
  if (section->pattern("ignore")) keep(draft.host_options["filesystem"], *section, "ignore");
  if (section->flag("use_mountpoint")) {
    keep(draft.host_options["filesystem"], *section, "use_mountpoint");
    keep(draft.host_options["disk"], *section, "use_mountpoint");
  }
  section->check_keys(known, UnknownKeys::warned);
}

void read_disks(const Section& top, Draft& draft) {
  static const std::string known[] = {"ignore"};
  const auto section = top.table("disks");
  if (!section) return;
  if (section->pattern("ignore")) keep(draft.host_options["disk"], *section, "ignore");
  section->check_keys(known, UnknownKeys::warned);
}

void read_interfaces(const Section& top, Draft& draft) {
  static const std::string known[] = {"ignore", "use_adapter"};
  const auto section = top.table("interfaces");
  if (!section) return;
  if (section->pattern("ignore")) keep(draft.host_options["interface"], *section, "ignore");
  // Chooses between two sources that only Windows has.
  section->flag("use_adapter");
  section->check_keys(known, UnknownKeys::warned);
}

}  // namespace

void read_top(const Section& top, Draft& draft) {
  read_apikey(top, draft);
  read_roles(top, draft);
  read_mackerel_options(top, draft);
  read_settings(top, draft);
  read_host_status(top, draft);
  read_filesystems(top, draft);
  read_disks(top, draft);
  read_interfaces(top, draft);
  if (const auto include = top.text("include")) {
    draft.include = Written{*include, top.where_is("include")};
  }
  if (const auto plugins = top.table("plugin")) read_plugins(*plugins, draft);
  if (const auto metrics = top.table("host_metrics")) read_host_metrics(*metrics, draft);
  if (const auto silences = top.table("silences")) read_silences(*silences, draft);
  if (const auto relay = top.table("relay")) read_relay(*relay, draft);
  for (const auto& [table, fate] : removed_tables) {
    if (top.has(table)) top.warn(table, fate);
  }
  top.check_keys(known_keys, UnknownKeys::warned);
}

}  // namespace shoal::config
