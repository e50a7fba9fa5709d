// Ending what runs in a namespace, and nothing else.
import { expect, test } from "bun:test";
import { program, run } from "./workload-place.ts";

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
  const { stdout } = run(`
    export -f until_true
    ip netns exec vpc.lab.one bash -c '
      sleep 1000 & until_true grep -qx sleep /proc/$!/comm
      nsenter --net=/proc/1/ns/net ${program} end vpc.lab.one; echo "still here"'; true`);
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
    mkdir /run/vpcctl/workloads/.web.0123456789abcdef
    program forget other-vpc; ls /run/vpcctl/workloads
    program forget; program forget; find /run -not -path '/run/netns*'; ip netns pids vpc.lab.one`);
  expect(stdout).toBe(`"forgotten"\nold\nweb\n"forgotten"\n"forgotten"\n/run\n`);
});
