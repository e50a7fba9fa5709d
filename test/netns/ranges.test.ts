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
