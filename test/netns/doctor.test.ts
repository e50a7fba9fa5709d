import { expect } from "bun:test";
import type { Finding } from "../../src/drivers/doctor.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";

async function diagnose(host: FakeHost, before = ""): Promise<Map<string, Finding>> {
  const { stdout } = await host.run(`${before} vpcctl doctor --json`);
  const { findings }: { findings: Finding[] } = JSON.parse(stdout);
  return new Map(findings.map((finding) => [finding.subject, finding]));
}

sandboxTest("doctor finds everything in order, and leaves the host as it was", async (host) => {
  const before = await snapshotHost(host);
  const findings = await diagnose(host);
  expect([...findings.values()].filter((finding) => finding.status === "fail")).toEqual([]);
  expect(findings.get("uplink")?.found).toBe("uplink0 via 203.0.113.1");
  expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
});

sandboxTest("doctor names a firewall that drops what the host passes on", async (host) => {
  await host.sh("nft 'add table ip filter; add chain ip filter DOCKER; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'");
  expect((await diagnose(host)).get("firewall: Docker")?.found).toBe("ip filter FORWARD drops what it does not know");
});

sandboxTest("doctor names what bears our names and is not ours, and nothing that is", async (host) => {
  await host.sh("vpcctl create-vpc ours 10.0.0.0/16 && vpcctl add-subnet ours web 10.0.1.0/24 && vpcctl enable-internet ours web");
  await host.sh("ip netns add vpc.theirs && ip link add igw-theirs type bridge");
  const foreign = [...(await diagnose(host)).keys()].filter((subject) => subject.startsWith("foreign"));
  expect(foreign).toEqual(["foreign link igw-theirs", "foreign namespace vpc.theirs"]);
});

sandboxTest("doctor tells when the library is missing, and does not blame the kernel for it", async (host) => {
  const library = (await host.sh("ldconfig -p | sed -n 's/.*libnftables.so.1 .*=> //p'")).trim();
  await host.sh(["mount", "--bind", "/dev/null", library]);
  const failed = [...(await diagnose(host)).values()].filter((finding) => finding.status === "fail");
  expect(failed).toMatchObject([{ subject: "libnftables", fix: "apt-get install nftables" }]);
});

sandboxTest("doctor tells when there is no way out of the host", async (host) => {
  await host.sh("ip route delete default");
  const uplink = (await diagnose(host)).get("uplink");
  expect(uplink).toMatchObject({ status: "warn", found: "no default route" });
});

sandboxTest("doctor tries user namespaces, which a chroot refuses without a switch that says so", async (host) => {
  expect((await diagnose(host)).get("user namespaces")).toMatchObject({ status: "ok", found: "allowed" });
  await host.sh("mkdir /run/root && mount --rbind / /run/root");
  const refused = (await diagnose(host, "chroot /run/root")).get("user namespaces");
  expect(refused).toMatchObject({ status: "warn", found: expect.stringContaining("Operation not permitted") });
});
