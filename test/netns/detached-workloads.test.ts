// Workloads that outlive the command that started them: their records, logs and ends.
import { expect, test } from "bun:test";
import { run } from "./workload-place.ts";

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
    until_true pgrep -fx 'sleep 1000'; ps -eo args | grep -c '^sleep 1000$'; ls -A /run/vpcctl/workloads; program forget`);
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
