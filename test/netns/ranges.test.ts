// Ranges of addresses that meet: a subnet and its VPC, a VPC and the host's own.
import { expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";

sandboxTest("a subnet that takes up all of its VPC has internet, and its router reaches it", async (host) => {
  for (const [vpc, cidr, flags] of [["whole", "10.0.0.0/24", ""], ["small", "10.0.0.0/29", "--any-prefix"]] as const) {
    await host.sh(`vpcctl create-vpc ${vpc} ${cidr} ${flags}; vpcctl add-subnet ${vpc} all ${cidr} ${flags}; vpcctl enable-internet ${vpc} all`);
    expect(await host.sh(`vpcctl test-connectivity ${vpc}`)).toContain("Has internet access");
    expect(await host.ping(`vpc.${vpc}`, "10.0.0.4")).toBe(true);
    expect(await host.sh(`vpcctl enable-internet ${vpc} all`)).toContain("Nothing to do");
  }
});

sandboxTest("an address that is not outside cannot stand for the internet", async (host) => {
  await host.sh(`vpcctl create-vpc a 8.8.0.0/16; vpcctl add-subnet a s 8.8.1.0/24; vpcctl enable-internet a s`);
  const inside = [
    ["8.8.8.8", "one of VPC a itself"], ["127.0.0.1", "loopback"], ["0.0.0.0", "this network"], ["169.254.64.2", "link-local"], ["255.255.255.255", "reserved"],
  ] as const;
  for (const [target, why] of inside) {
    const { exitCode, stderr } = await host.run(`vpcctl test-connectivity a --internet-target ${target}`);
    expect(stderr).toContain(why);
    expect(exitCode).toBe(2);
  }
  expect(await host.sh(`vpcctl test-connectivity a --internet-target 1.1.1.1`)).toContain("Has internet access");
  // The VPC has addresses of the internet, and so nothing of them is sought outside.
  expect(await host.ping("vpc.a.s", "8.8.8.8")).toBe(false);
  expect(await host.ping("", "8.8.8.8")).toBe(true);
});
