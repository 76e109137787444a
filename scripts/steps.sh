# What the scripts share: where the tree is, how a step is announced, how a build directory is made.
# Sourced, never run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Bold on a terminal only.
say() {
  if [ -t 1 ]; then printf '\033[1m==> %s\033[0m\n' "$*"; else printf '==> %s\n' "$*"; fi
}

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

usage_error() {
  printf '%s: %s (%s -h tells how)\n' "${0##*/}" "$*" "${0##*/}" >&2
  exit 2
}

# The comment at the head of the script is its help.
print_help() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
}

# configure DIR [OPTION...]: makes DIR a build directory with these meson options, or gives an
# existing one the options it lacks. Compilers come from CC and CXX, which count the first time only.
configure() {
  local dir=$1
  shift
  if [ ! -f "$dir/build.ninja" ]; then
    say "configuring $(shown "$dir") $*"
    meson setup "$dir" "$top" "$@"
  elif [ $# -gt 0 ]; then
    meson configure "$dir" "$@" >/dev/null
  fi
}

# A path as people like to read it: without the tree in front.
shown() {
  printf '%s' "${1#"$top"/}"
}
