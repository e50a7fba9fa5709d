#!/bin/sh -
# Starts vpcctl from a checkout: builds dist/vpcctl when it is missing or older than a source, then becomes it.
#
# It runs before every command, so the usual way starts no other program: globs and [ -nt ] are built into the shell and cost about
# half a millisecond. A deleted file counts too, by the time of its directory. Everything it says goes to stderr.
set -eu

# By these variables the runtime inside dist/vpcctl takes code or options, or writes files. A workload that wants one of them sets it in
# its own command.
unset BUN_BE_BUN BUN_OPTIONS BUN_INSPECT BUN_INSPECT_CONNECT_TO BUN_INSPECT_PRELOAD BUN_INSPECT_NOTIFY BUN_TCC_OPTIONS
unset BUN_BYTECODE_ORDER_OUT BUN_BYTECODE_ORDER_NAMES_OUT BUN_BYTECODE_DIGEST_OUT BUN_RUNTIME_TRANSPILER_CACHE_PATH
unset NODE_OPTIONS NODE_PATH NODE_COMPILE_CACHE NODE_REDIRECT_WARNINGS JSC_PROFILER_PATH

self=$0
if [ -h "$self" ]; then self=$(readlink -f -- "$self"); fi
# A directory may begin with a dash: here ./ keeps it from being an option, in the first line the lone dash does.
case $self in /*) ;; *) self=./$self ;; esac
home=${self%/*}
program=$home/dist/vpcctl

is_stale() {
  [ -x "$program" ] || return 0
  for source in "$home"/package-lock.json "$home"/scripts/build.mjs "$home"/src/ "$home"/src/* "$home"/src/*/* "$home"/src/*/*/* "$home"/src/*/*/*/*; do
    case $source in *.test.ts) continue ;; esac
    if [ "$source" -nt "$program" ]; then return 0; fi
  done
  return 1
}

if is_stale; then
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    {
      echo "vpcctl is not built yet, and building it needs Node 20 or newer with npm; they are not in PATH."
      echo "Install them (Debian: apt-get install nodejs npm, or https://nodejs.org), then run this again."
      echo "Running a built dist/vpcctl needs neither."
    } >&2
    exit 5
  fi
  node "$home/scripts/build.mjs" >&2
fi

exec "$program" "$@"
