// Workloads against the real kernel: a program in a subnet is as at a shell.
import { expect, test } from "bun:test";
import { program, run } from "./workload-place.ts";

test("a workload's exit status is the program's own", () => {
  expect(run(`program run sh 'exit 3'; echo $?; program run true; echo $?`).stdout).toBe("3\n0\n");
});

test("a workload killed by a signal ends the program by the same signal", () => {
  const { stdout } = run(`${process.execPath} -e 'console.log(Bun.spawnSync(process.argv.slice(1)).signalCode)' ${program} run sh 'kill -TERM $$'`);
  expect(stdout).toBe("SIGTERM\n");
});

test("an unknown command exits 127, one that cannot be executed 126, as in a shell", () => {
  const { stdout, stderr } = run(`program run no-such-command; echo $?; program run /etc/passwd; echo $?; program run /etc; echo $?`);
  expect(stdout).toBe("127\n126\n126\n");
  expect(stderr).toBe("no-such-command: command not found\n/etc/passwd: permission denied\n/etc: permission denied\n");
});

test("a list of words reaches the command as it is, a string goes to a shell", () => {
  expect(run(`program run printf '[%s]' '$HOME' 'a  b' ';'; program run sh 'printf "[%s]" $((6 * 7)) | tr 4 X'`).stdout).toBe("[$HOME][a  b][;][X2]");
});

test("a script without a #! line is run by a shell, as execvp does", () => {
  expect(run(`printf 'echo "$0 $1"' > /run/script; chmod +x /run/script; program run /run/script one`).stdout).toBe("/run/script one\n");
});

test("ten megabytes pass through standard input and output unchanged, and standard error stays apart", () => {
  const input = crypto.getRandomValues(new Uint8Array(65_536));
  const whole = Buffer.concat(Array.from({ length: 160 }, () => input));
  const { bytes, stderr, exitCode } = run(`program run sh 'cat; echo aside >&2'`, whole);
  expect(bytes.equals(whole)).toBe(true);
  expect(stderr).toBe("aside\n");
  expect(exitCode).toBe(0);
});

test("a workload starts with default signals and the caller's limit of open files", () => {
  const { stdout } = run(`
    ulimit -Sn 512
    program run sh 'grep -E "Sig(Ign|Blk)" /proc/self/status; ulimit -Sn'
    ${program} run yes | head -1 > /dev/null; echo "\${PIPESTATUS[0]}"`);
  expect(stdout).toBe("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n512\n141\n");
});

test("standard streams are inherited as they are, not made non-blocking", () => {
  const { stdout } = run(`true | program run sh 'grep -h flags /proc/self/fdinfo/0 /proc/self/fdinfo/1' | cat`);
  expect(stdout).toBe("flags:\t00\nflags:\t01\n");
});

test("descriptors the user hands over reach the workload, and none of ours does", () => {
  const { stdout } = run(`
    program run cat /proc/self/fd/7 7<<<"handed over"
    program run cat <(echo one) <(echo two)
    program run sh 'for fd in 3 4 5 6 7 8 9 10 11 12 13 14 15 1023; do test -e /proc/self/fd/$fd && echo "$fd is open"; done'`);
  expect(stdout).toBe("handed over\none\ntwo\n");
});

test("a descriptor that holds a lock is not handed over, so no workload can hold ours", () => {
  const { stdout } = run(`exec 8> /run/plain 9> /run/lock; flock 9; program run sh 'for fd in 8 9; do test -e /proc/self/fd/$fd && echo "$fd is open"; done'`);
  expect(stdout).toBe("8 is open\n");
});

test("the environment passes through byte by byte, with the VPC and the subnet added", () => {
  const { bytes } = run(`export ODD=$'caf\\xe9'; program run sh 'printf "%s|%s|%s" "$ODD" "$VPCCTL_VPC" "$VPCCTL_SUBNET"'`);
  expect(bytes.toString("latin1")).toBe("caf\u00e9|lab|one");
});

test("signals sent to the program reach the workload, which may handle them", () => {
  const { stdout } = run(`
    for name in TERM HUP USR1; do
      ${program} run sh "trap 'echo got $name; exit 9' $name; touch /run/ready; while :; do sleep 0.02; done" & pid=$!
      until_true test -e /run/ready; rm /run/ready
      kill -$name $pid; wait $pid; echo $?
    done`);
  expect(stdout).toBe("got TERM\n9\ngot HUP\n9\ngot USR1\n9\n");
});

test("a killed program takes its workload with it", () => {
  const { stdout } = run(`
    ${program} run sleep 1000 & pid=$!
    until_true grep -qx sleep /proc/$pid/comm
    kill -KILL $pid; wait $pid; echo $?; ip netns pids vpc.lab.one`);
  expect(stdout).toBe("137\n");
});
