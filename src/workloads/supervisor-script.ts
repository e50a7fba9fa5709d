// The whole supervisor of a detached workload: a shell that waits for the command, starts it again when its restart policy says so, and
// writes down how it ended. $0 is the file for that, $1 the policy, the rest the command.
//
// It catches what `stop` sends to everybody, to know that the command is not to be started again and to be there for the last word; a
// caught signal is back to its default in the command (an ignored one would not be). `exec` in a subshell so that `echo` or `test` mean
// the programs of these names, not the shell's own. The shell's own remarks ("Terminated") are kept out of the log. It uses no program
// but sleep(1): /proc/uptime is its clock.
//
// Beside $0 it keeps the file `restarts`: how often it has started the command again, with which status the command ended last, and
// `waiting` while it waits to start it again.

/** Seconds. A command that fails at once must not keep a processor busy ... */
const FIRST_PAUSE = 1;
const LAST_PAUSE = 60;
/** ... and one that has lived so long is as good as new. */
const GOOD_LIFE = 10;

/** For `sh -c`. */
export const SUPERVISOR = `
trap stop=1 HUP INT QUIT TERM
exec 3>&2 2>/dev/null
policy=$1; shift
restarts=0; pause=${FIRST_PAUSE}; stop=; code=143
while [ -z "$stop" ]; do
  read -r up _ </proc/uptime; began=\${up%.*}
  (exec "$@" 2>&3 3>&-); code=$?
  case $policy$code in never*|on-failure0) break;; esac
  [ -z "$stop" ] || break
  read -r up _ </proc/uptime
  [ $((\${up%.*} - began)) -lt ${GOOD_LIFE} ] || pause=${FIRST_PAUSE}
  echo $restarts $code waiting >"\${0%/*}/restarts"
  sleep $pause
  pause=$((pause * 2)); [ $pause -le ${LAST_PAUSE} ] || pause=${LAST_PAUSE}
  restarts=$((restarts + 1))
  echo $restarts $code >"\${0%/*}/restarts"
done
echo $code >"$0"`;
