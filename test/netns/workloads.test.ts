// Workloads against the real kernel. Each test runs in user, network, mount and process namespaces of its own (so that no process can
// outlive its test), with /run empty but for two named namespaces, `vpc.lab.one` and `vpc.lab.two`. `program` is src/workloads behind a
// command line.
import { expect, test } from "bun:test";
import { join } from "node:path";

const program = `${process.execPath} ${join(import.meta.dir, "workload-program.ts")}`;

const setUp = `
mount -t tmpfs tmpfs /run && mkdir /run/netns && ip netns add vpc.lab.one && ip netns add vpc.lab.two
program() { ${program} "$@"; }
# Waits until a command succeeds; the test's own limit ends it when it never does.
until_true() { until "$@" >/dev/null 2>&1; do sleep 0.01; done; }
`;

function sandboxed(script: string): string[] {
  const namespaces = ["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  return ["unshare", ...namespaces, "bash", "-c", `${setUp}\n${script}`];
}

function run(script: string, stdin?: Uint8Array) {
  const { stdout, stderr, exitCode, signalCode } = Bun.spawnSync(sandboxed(script), { stdin: stdin ?? "ignore", stdout: "pipe", stderr: "pipe" });
  return { stdout: stdout.toString(), stderr: stderr.toString(), bytes: stdout, exitCode, signalCode };
}

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

/** Types into a terminal on which a shell in the sandbox runs; `steps` are [text to wait for, what to type then]. */
async function onTerminal(script: string, steps: readonly (readonly [string, string | [number, number]])[]): Promise<string> {
  let shown = "";
  let next = 0;
  let from = 0;
  const child = Bun.spawn(sandboxed(script), {
    terminal: {
      cols: 80,
      rows: 24,
      data(terminal, bytes) {
        shown += Buffer.from(bytes).toString();
        for (let step = steps[next]; step !== undefined; step = steps[next]) {
          const at = shown.indexOf(step[0], from);
          if (at < 0) return;
          next++;
          from = at + step[0].length;
          if (typeof step[1] === "string") terminal.write(step[1]);
          else terminal.resize(...step[1]);
        }
      },
    },
  });
  await child.exited;
  child.terminal?.close();
  return shown.replaceAll("\r", "");
}

test("a workload has the user's terminal, and hears when its size changes", async () => {
  const shown = await onTerminal(
    `program run sh 'trap "stty size; exit" WINCH; test -t 0 && test -t 1 && stty size; echo ready; while :; do sleep 0.02; done'`,
    [["ready", [100, 30]]],
  );
  expect(shown).toBe("24 80\nready\n30 100\n");
});

test("Ctrl-Z stops the workload, fg goes on with it, Ctrl-C interrupts it", async () => {
  // Quotes inside the words keep what is typed (and shown) apart from what is printed.
  const shown = await onTerminal("PS1='prompt> ' exec bash --norc -i", [
    ["prompt> ", `${program} run sh 'echo re""ady; read line; echo "read $line"; echo ag""ain; read line'\n`],
    ["ready\r\n", "\x1a"],
    ["prompt> ", "echo stopped $?; fg\n"],
    ["stopped 148", "hello\n"],
    ["again\r\n", "\x03"],
    ["prompt> ", "echo ended $?; exit\n"],
  ]);
  expect(shown).toContain("stopped 148\n");
  expect(shown).toContain("read hello\n");
  expect(shown).toContain("ended 130\n");
});

test("a workload sees the subnet's links only, also in /sys, and keeps the control groups", () => {
  const { stdout } = run(`
    ip link add outside type bridge
    ip -n vpc.lab.one link add inside type bridge
    ls /sys/fs/cgroup > /run/groups
    program run sh 'ls /sys/class/net; ls /sys/fs/cgroup | cmp - /run/groups && echo same; pwd'`);
  expect(stdout).toBe(`inside\nlo\nsame\n${process.cwd()}\n`);
});

const ETC = `
mkdir /run/etc /run/systemd /run/systemd/resolve; cp /etc/passwd /etc/ld.so.cache /run/etc; mount --bind /run/etc /etc
echo 'nameserver 127.0.0.53' > /run/systemd/resolve/stub-resolv.conf
echo 'nameserver 192.0.2.7' > /run/systemd/resolve/resolv.conf
ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
`;

test("a workload asks the servers behind the host's stub, through a link too, and the host's files stay as they are", () => {
  const { stdout } = run(`${ETC}
    program run cat /etc/resolv.conf
    cat /etc/resolv.conf /run/systemd/resolve/*; readlink /etc/resolv.conf`);
  const [inside, outside] = [stdout.split("\n").slice(0, 2), stdout.split("\n").slice(2)];
  expect(inside).toEqual(["# Name servers for workloads, from /run/systemd/resolve/resolv.conf.", "nameserver 192.0.2.7"]);
  expect(outside.join("\n")).toBe("nameserver 127.0.0.53\nnameserver 192.0.2.7\nnameserver 127.0.0.53\n../run/systemd/resolve/stub-resolv.conf\n");
});

test("a workload cannot look up names over the sockets of the host's name services", () => {
  const { stdout } = run(`${ETC}
    ${process.execPath} -e 'Bun.listen({ unix: "/run/systemd/resolve/io.systemd.Resolve", socket: { data() {} } })' & server=$!
    until_true test -S /run/systemd/resolve/io.systemd.Resolve
    program run sh 'test -S /run/systemd/resolve/io.systemd.Resolve || echo covered'
    test -S /run/systemd/resolve/io.systemd.Resolve && echo "still there"; kill $server`);
  expect(stdout).toBe("covered\nstill there\n");
});

test("without a usable server the workload asks public ones and the user is told", () => {
  const { stdout, stderr } = run(`${ETC}
    rm /run/systemd/resolve/resolv.conf
    program run grep nameserver /etc/resolv.conf`);
  expect(stdout).toBe("nameserver 8.8.8.8\nnameserver 1.1.1.1\n");
  expect(stderr).toStartWith("note: The host's name servers cannot be reached from a VPC");
});

test("without an /etc/resolv.conf to cover the workload runs all the same and the user is told", () => {
  const { stdout, stderr } = run(`${ETC}
    rm /run/systemd/resolve/stub-resolv.conf
    program run echo ran`);
  expect(stdout).toBe("ran\n");
  expect(stderr).toContain("/etc/resolv.conf cannot be replaced (No such file or directory)");
});

test("mounts are private to a workload: none shows outside, while it runs or after, even if the host shares its mounts", () => {
  const { stdout } = run(`
    mount --make-rshared /; cat /proc/self/mountinfo > /run/before
    ${program} run sh 'mount -t tmpfs mine /mnt; echo private > /mnt/file; touch /run/ready; exec sleep 1000' & pid=$!
    until_true test -e /run/ready
    cmp /run/before /proc/self/mountinfo && echo "same while it runs"
    mount -t tmpfs disk /media && umount /media && echo "the host can unmount"
    kill -KILL $pid; wait $pid 2>/dev/null; rm /run/ready
    cmp /run/before /proc/self/mountinfo && echo "same after"; ls /run/netns; ls /run/vpcctl`);
  expect(stdout).toBe("same while it runs\nthe host can unmount\nsame after\nvpc.lab.one\nvpc.lab.two\n");
});

test("a namespace that is not there is an error, and nothing runs", () => {
  const { stdout, stderr, exitCode } = run(`ip netns delete vpc.lab.one; program run echo ran`);
  expect(stdout).toBe("");
  expect(stderr).toContain("open namespace vpc.lab.one");
  expect(exitCode).toBe(4);
});

/** The last word for a shell that has to tell how workloads are, one per line. */
const STATES = `program list | ${process.execPath} -e '
  for (const w of await Bun.stdin.json()) console.log(w.name, w.state.kind, w.state.code ?? w.state.signal ?? "-", w.strays.length)'`;

test("a detached workload outlives the program, with a session, a log and a record of its own", () => {
  const { stdout, stderr } = run(`
    pid=$(program start web sh 'echo out; echo err >&2; echo "$VPCCTL_WORKLOAD $VPCCTL_SUBNET"; sleep 1000')
    until_true grep one /run/vpcctl/workloads/web/log
    program log web; ${STATES}
    ps -o sid= -p $pid | grep -qw $pid && echo "leads its session"
    ps -o tty= -p $pid; program stop web; ${STATES}`);
  expect(stderr).toBe("");
  expect(stdout).toBe(`out\nerr\nweb one\nweb running - 0\nleads its session\n?\n{"kind":"killed","signal":"SIGTERM"}\nweb killed SIGTERM 0\n`);
});

test("how a detached workload ended is known afterwards, and nothing but its own words is in the log", () => {
  const { stdout } = run(`
    program start a sh 'exit 7'; program start b sh 'echo word; kill -KILL $$'; program start c true
    for name in a b c; do until_true test -s /run/vpcctl/workloads/$name/status; done
    ${STATES}; program log b`);
  expect(stdout.split("\n").slice(3)).toEqual(["a exited 7 0", "b killed SIGKILL 0", "c exited 0 0", "word", ""]);
});

test("a detached list of words means programs, not words of the supervising shell", () => {
  const { stdout } = run(`program start a env printf '%s\\n' '$0' 'a  b' > /dev/null; program log a -f; program start b echo -e 'a\\tb' > /dev/null; program log b -f`);
  expect(stdout).toBe("$0\na  b\na\tb\n");
});

test("following a log shows it as it is written and ends with the workload", () => {
  const { stdout } = run(`
    program start web sh 'for i in 1 2 3; do echo $i; sleep 0.1; done' > /dev/null
    program log web -f`);
  expect(stdout).toBe("1\n2\n3\n");
});

test("a detached command that is not there, or a bad name, is told at once and leaves nothing", () => {
  const { stdout, stderr } = run(`
    program start web no-such-command; program start ../web true; program start Web true
    ls -A /run/vpcctl/workloads`);
  expect(stdout).toBe("");
  expect(stderr.split("\n").map((line) => line.split(":")[0])).toEqual(["InvalidParameterValue", "InvalidParameterValue", "InvalidParameterValue", ""]);
});

test("a second live workload of a name is a conflict; an ended one is replaced", () => {
  const { stdout, stderr } = run(`
    program start web sleep 1000 > /dev/null; program start web true; echo $?
    program stop web; program start web sleep 1000 > /dev/null; ${STATES}; program forget`);
  expect(stderr).toStartWith("WorkloadDuplicate: A workload web runs already");
  expect(stdout).toBe(`4\n{"kind":"killed","signal":"SIGTERM"}\nweb running - 0\n"forgotten"\n`);
});

test("of several starts at once exactly one gets the name, and no process of the others stays", () => {
  const { stdout } = run(`
    for i in 1 2 3 4 5 6; do program start web sleep 1000 2>&1 & done | sed -E 's/^[0-9]+$/started/; s/:.*//' | sort | uniq -c | sed 's/^ *//'
    ps -eo args | grep -c '^sleep 1000$'; ls -A /run/vpcctl/workloads; program forget`);
  expect(stdout).toBe(`5 WorkloadDuplicate\n1 started\n1\nweb\n"forgotten"\n`);
});

test("stop ends daemons that left the session and cleared their environment, and who ignores SIGTERM", () => {
  const { stdout } = run(`
    program start web sh '(setsid sleep 1001 &); (setsid env -i sleep 1002 &); trap "" TERM; while :; do sleep 0.02; done' > /dev/null
    until_true pgrep -fx 'sleep 1001'; until_true pgrep -fx 'sleep 1002'
    program stop web 200; ip netns pids vpc.lab.one; ${STATES}`);
  expect(stdout).toBe(`{"kind":"killed","signal":"SIGKILL"}\nweb killed SIGKILL 0\n`);
});

test("a daemon that an ended workload left behind is shown, keeps the name, and ends with stop", () => {
  const { stdout, stderr } = run(`
    program start web sh '(setsid sleep 1001 &); exit 4' > /dev/null
    until_true test -s /run/vpcctl/workloads/web/status
    ${STATES}; program start web true; program stop web; ${STATES}; ip netns pids vpc.lab.one`);
  expect(stdout).toBe(`web exited 4 1\n{"kind":"exited","code":4}\nweb exited 4 0\n`);
  expect(stderr).toStartWith("WorkloadDuplicate: Workload web has ended but left processes behind");
});

test("a stopped workload ends on stop as well", () => {
  const { stdout } = run(`
    program start web sh 'echo ready; kill -STOP $$; sleep 1000' > /dev/null
    until_true grep -q ready /run/vpcctl/workloads/web/log
    program stop web`);
  expect(stdout).toBe(`{"kind":"killed","signal":"SIGTERM"}\n`);
});

test("a process that got the pid of an ended supervisor is neither taken for the workload nor touched", () => {
  const { stdout } = run(`
    sleep 1000 & other=$!
    pid=$(program start web true); until_true test -s /run/vpcctl/workloads/web/status
    rm /run/vpcctl/workloads/web/status
    sed -i -E "s/\\"pid\\": [0-9]+/\\"pid\\": $other/" /run/vpcctl/workloads/web/record.json
    ${STATES}; program stop web; program forget; kill -0 $other && echo alive; kill $other`);
  expect(stdout).toBe(`web lost - 0\n{"kind":"lost"}\n"forgotten"\nalive\n`);
});

test("a killed supervisor leaves a workload that is lost but can still be stopped", () => {
  const { stdout } = run(`
    pid=$(program start web sleep 1000); until_true pgrep -fx 'sleep 1000'; kill -KILL $pid; until_true test ! -e /proc/$pid
    ${STATES}; program stop web; ${STATES}`);
  expect(stdout).toBe(`web lost - 1\n{"kind":"lost"}\nweb lost - 0\n`);
});

test("ending the processes of a namespace ends all of them, whoever started them, and none elsewhere", () => {
  const { stdout } = run(`
    program start web sleep 1000 > /dev/null
    ip netns exec vpc.lab.one sh -c 'trap "" TERM; touch /run/ready; while :; do sleep 0.02; done' & 
    ip netns exec vpc.lab.two sleep 1000 & two=$!
    sleep 1000 & host=$!
    until_true test -e /run/ready; until_true grep -qx sleep /proc/$two/comm
    program end vpc.lab.one vpc.lab.none > /dev/null; ip netns pids vpc.lab.one
    kill -0 $two $host && echo "others live"; program end vpc.lab.two; kill $host; wait 2>/dev/null
    program end vpc.lab.one vpc.lab.two`);
  expect(stdout).toBe(`others live\n["sleep"]\n[]\n`);
});

test("processes that multiply while they are ended are all ended", () => {
  const { stdout } = run(`
    ip netns exec vpc.lab.one sh -c 'trap "" TERM; touch /run/ready; while :; do (trap "" TERM; sleep 1000) & sleep 0.005; done' &
    until_true test -e /run/ready; program end vpc.lab.one > /dev/null; wait 2>/dev/null; ip netns pids vpc.lab.one; echo none`);
  expect(stdout).toBe("none\n");
});

test("the program spares its ancestors inside a namespace", () => {
  const { stdout } = run(`ip netns exec vpc.lab.one bash -c 'sleep 1000 & nsenter --net=/proc/1/ns/net ${program} end vpc.lab.one; echo "still here"'; true`);
  expect(stdout).toBe(`["sleep"]\nstill here\n`);
});

test("a name that stands for the host's own namespace ends nobody", () => {
  const { stdout } = run(`
    touch /run/netns/vpc.trap; mount --bind /proc/self/ns/net /run/netns/vpc.trap
    sleep 1000 & host=$!; program end vpc.trap; kill -0 $host && echo alive; kill $host`);
  expect(stdout).toBe("[]\nalive\n");
});

test("where /proc shows other processes than ours, nobody gets a signal", () => {
  const { stdout, stderr } = run(`
    ip netns exec vpc.lab.one sleep 1000 & inside=$!
    until_true grep -qx sleep /proc/$inside/comm
    unshare --pid --fork ${program} end vpc.lab.one; kill -0 $inside && echo alive`);
  expect(stdout).toBe("alive\n");
  expect(stderr).toStartWith("NotPermitted: /proc shows");
});

test("forgetting one VPC's workloads leaves those of others; forgetting all leaves no file, directory or process", () => {
  const { stdout } = run(`
    program start web sleep 1000 > /dev/null; program start old true > /dev/null
    mkdir -p /run/vpcctl/workloads/.web.killed-starter
    program forget other-vpc; ls /run/vpcctl/workloads
    program forget; program forget; find /run -not -path '/run/netns*'; ip netns pids vpc.lab.one`);
  expect(stdout).toBe(`"forgotten"\nold\nweb\n"forgotten"\n"forgotten"\n/run\n`);
});
