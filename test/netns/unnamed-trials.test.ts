// What is only tried out gets no name: where names are kept nothing may change, for doctor and a dry run take no lock, and may be killed.
import { expect } from "bun:test";
import type { Finding } from "../../src/drivers/doctor.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";

const closeDirectory = (host: FakeHost) => host.sh("mkdir -p /run/netns && mount -t tmpfs -o ro none /run/netns");

sandboxTest("doctor tries the kernel where no name can be made", async (host) => {
  await closeDirectory(host);
  const { findings }: { findings: Finding[] } = JSON.parse((await host.run("vpcctl doctor --json")).stdout);
  const tried = findings.filter(({ subject }) => subject.startsWith("kernel: "));
  expect(tried.length).toBeGreaterThan(1);
  expect(tried.filter(({ status }) => status === "fail")).toEqual([]);
});

sandboxTest("doctor tells when a namespace may be made, but not mounted under a name", async (host) => {
  // A mount namespace that is somebody else's: root in here may do all else.
  const { stdout } = await host.run("unshare --user --map-root-user --net vpcctl doctor --json");
  const { findings }: { findings: Finding[] } = JSON.parse(stdout);
  expect(findings.find(({ subject }) => subject === "kernel: network namespaces")).toMatchObject({ status: "fail", found: "refused: EPERM" });
});

sandboxTest("a dry run tries netem where no name can be made", async (host) => {
  await closeDirectory(host);
  const lines = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "shape a web --delay 5ms"];
  const { exitCode, stderr } = await host.run("vpcctl batch - --dry-run", { stdin: lines.join("\n") });
  // Not every kernel has it.
  if (exitCode !== 0) expect(stderr).toContain("it has no netem. [UnsupportedKernel]");
});
