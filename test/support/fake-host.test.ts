import { expect, test } from "bun:test";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";
import { fakeHost } from "./fake-host.ts";
import { countOnUplink } from "./packet-counter.ts";
import { sandboxTest } from "./sandbox-test.ts";

const withoutProgram = { program: false };

/** What a promise is rejected with; the test fails when it is not. */
async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => expect.unreachable(),
    (error: unknown) => String(error),
  );
}

sandboxTest(
  "an echo request is answered, or it is not; a namespace that does not exist is a mistake of the test",
  async (host) => {
    await host.sh("ip netns add lonely");
    expect(await host.ping("", "8.8.8.8")).toBe(true);
    expect(await host.ping("", "203.0.113.99")).toBe(false);
    expect(await host.ping("lonely", "8.8.8.8")).toBe(false);
    expect(await failure(host.ping("missing", "8.8.8.8"))).toContain("missing");
  },
  withoutProgram,
);

sandboxTest(
  "a page is fetched, or there is no answer",
  async (host) => {
    const answer = await host.http("", "http://shop.example/");
    expect([answer?.status, answer?.headers["x-client-address"]]).toEqual([200, "203.0.113.2"]);
    expect(answer?.body).toContain("shop.example");
    expect(await host.http("", "http://nowhere.test/")).toBeUndefined();
    expect(await host.http("", "http://203.0.113.1:81/")).toBeUndefined();
  },
  withoutProgram,
);

sandboxTest(
  "packets on the uplink are counted by what they are, without a trace on the host",
  async (host) => {
    await using echoes = await countOnUplink(host, "icmp type echo-request");
    await using others = await countOnUplink(host, "ip saddr != 203.0.113.2");
    await host.ping("", "8.8.8.8");
    await host.ping("", "1.1.1.1");
    expect([await echoes.packets(), await others.packets()]).toEqual([2, 0]);
    expect(await host.sh("nft list ruleset")).toBe("");
  },
  withoutProgram,
);

sandboxTest(
  "a command gives its output and status; one that must succeed throws with all it said",
  async (host) => {
    expect(await host.run("cat; echo oops >&2; exit 3", { stdin: "in" })).toMatchObject({ exitCode: 3, stdout: "in", stderr: "oops\n" });
    expect(await host.sh(["printf", "%s", "$HOME; exit 1"])).toBe("$HOME; exit 1");
    expect(await failure(host.sh("echo so far; echo oops >&2; exit 3"))).toMatch(/status 3[^]*so far[^]*oops/);
  },
  withoutProgram,
);

sandboxTest(
  "a command that takes too long is ended with everything it started, and what it said so far is told",
  async (host) => {
    expect(await failure(host.run("echo so far; sleep 1000 & sleep 1000", { timeout: 500 }))).toMatch(/took too long[^]*so far/);
  },
  withoutProgram,
);

test("two hosts at a time do not see each other", async () => {
  await using one = await fakeHost(withoutProgram);
  await using other = await fakeHost({ internet: false, program: false });
  await one.sh("ip netns add mine; ip link add mine0 type bridge");
  expect(await other.sh("ls /sys/class/net; ls /run")).toBe("lo\nsandbox\n");
});

test("a host that cannot be set up is an error that says why", async () => {
  const init = ["sh", "-c", "echo no such thing >&2; exit 1"];
  expect(await failure(startSandbox({ command: ["true"], init, stdio: ["ignore", "ignore", "ignore"] }).ready)).toContain("no such thing");
});
