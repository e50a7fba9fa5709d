// Programs that are started again when they end, and logs that do not grow without bound.
import { expect, test } from "bun:test";
import { mostLogBytes } from "../../src/workloads/log-keeper.ts";
import { run } from "./workload-place.ts";

const STATE = `program list | ${process.execPath} -e '
  for (const w of await Bun.stdin.json()) console.log(w.name, w.state.kind, w.state.restarts ?? w.state.code ?? w.state.signal)'`;
/** That of programs which wait, without how often they have been started again: it grows. */
const WAITING = `${STATE} | sed 's/waiting [1-9]$/waiting/'`;
const files = "/run/vpcctl/workloads/lab.one";

test("a program that fails is started again by always and on-failure, one that has done its work by always alone, and by never none", () => {
  const { stdout, stderr } = run(`
    for policy in always on-failure never; do
      program supervise lab/$policy-0 $policy sh 'echo x >>/run/'$policy'-0' >/dev/null
      program supervise lab/$policy-3 $policy sh 'echo x >>/run/'$policy'-3; exit 3' >/dev/null
    done
    for name in always-0 always-3 on-failure-3; do until_true sh -c "[ \\$(wc -l </run/$name) -ge 2 ]"; done
    until states=$(${WAITING}); [ $(echo "$states" | grep -c 'waiting$') = 3 ]; do sleep 0.01; done
    echo "$states"; cat /run/on-failure-0 /run/never-0 /run/never-3 | wc -l; program forget; ls /run/vpcctl 2>&1`);
  expect(stderr).toBe("");
  expect(stdout).toBe(
    `lab/always-0 waiting\nlab/always-3 waiting\nlab/never-0 exited 0\nlab/never-3 exited 3\nlab/on-failure-0 exited 0\nlab/on-failure-3 waiting\n` +
      `3\n"forgotten"\nls: cannot access '/run/vpcctl': No such file or directory\n`,
  );
});

test("stop ends a program that is always started again, also while it waits, and nothing of it stays", () => {
  const { stdout } = run(`
    program supervise lab/one always sleep 1000 >/dev/null; until_true pgrep -fx 'sleep 1000'; program stop lab/one; ${STATE}
    program supervise lab/one always sh 'exit 5' >/dev/null; until_true grep '^[2-9] . waiting' ${files}/restarts; ${WAITING}; program stop lab/one; ${STATE}
    ip netns pids vpc.lab.one; pgrep -x dd; pgrep -x sleep | wc -l`);
  expect(stdout).toBe(
    `{"kind":"killed","signal":"SIGTERM"}\nlab/one killed SIGTERM\nlab/one waiting\n{"kind":"exited","code":5}\nlab/one exited 5\n0\n`,
  );
});

test("a program that somebody kills is started again; its supervisor and the keeper of its log are not its processes", () => {
  const { stdout } = run(`
    program supervise lab/one on-failure sh 'echo started; sleep 1000' >/dev/null; until_true pgrep -fx 'sleep 1000'
    kill -KILL $(pgrep -f '^/bin/sh -c echo started'); until_true sh -c "[ \\$(grep -c started ${files}/log) -eq 2 ]"
    ${STATE}; program stop lab/one >/dev/null; cat ${files}/log; pgrep -fx 'sleep 1000'; program forget; pgrep -x dd | wc -l`);
  expect(stdout).toBe(`lab/one running 1\nstarted\nstarted\n"forgotten"\n0\n`);
});

test("a log keeps the last that was written and no more than its bound, also while it is followed", () => {
  const { stdout } = run(`
    program start web sh 'seq 1 4000000' >/dev/null; program log web -f | tail -1
    until_true test -s /run/vpcctl/workloads/web/status; program log web | tail -1
    program log web | head -2 | tail -1 | grep -cx '[0-9]*'; program log web | wc -c; cat /run/vpcctl/workloads/web/log* | wc -c; program forget`);
  const [followed, last, whole, shown, bytes] = stdout.split("\n").map(Number);
  expect([followed, last, whole]).toEqual([4_000_000, 4_000_000, 1]);
  expect(shown).toBe(bytes as number);
  expect(bytes).toBeLessThanOrEqual(mostLogBytes);
  expect(bytes).toBeGreaterThan(3_900_000);
});

test("a log goes on over a restart of an instance's program, and starts anew for a workload of the user's", () => {
  const { stdout } = run(`
    for i in 1 2; do
      program supervise lab/one never sh "echo run $i" >/dev/null; until_true test -s ${files}/status
      program start web sh "echo run $i" >/dev/null; until_true test -s /run/vpcctl/workloads/web/status
    done
    program log lab/one; program log web`);
  expect(stdout).toBe("run 1\nrun 2\nrun 2\n");
});

test("names of instances' programs and of workloads never meet, and others are refused", () => {
  const { stdout, stderr } = run(`
    program supervise lab/one never true >/dev/null; program start lab true >/dev/null; program start one true >/dev/null
    for name in lab.one lab/one/two /one lab/ ../one; do program start $name true; done
    program list | ${process.execPath} -e 'console.log((await Bun.stdin.json()).map((w) => w.name).join(" "))'`);
  expect(stdout).toBe("lab lab/one one\n");
  expect(stderr.trimEnd().split("\n").map((line) => line.split(":")[0])).toEqual(Array.from({ length: 5 }, () => "InvalidParameterValue"));
});
