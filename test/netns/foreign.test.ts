// What is not ours, or not asked for, stays: also when it bears a name that could be ours.
import { expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";

sandboxTest("cleanup of one VPC does not forget that a command on another was killed", async (host) => {
  await host.sh(`vpcctl create-vpc a 10.0.0.0/16; vpcctl create-vpc b 10.0.0.0/16; vpcctl add-subnet b s 10.0.1.0/24`);
  // As `delete-vpc b --force` leaves it when it is killed after it has saved: the World without b, the machine with it.
  await host.sh(`vpcctl delete-subnet b s && vpcctl delete-vpc b`);
  await host.sh(`ip netns add vpc.b && ip -n vpc.b link set lo alias "vpcctl vpc b"`);
  await host.sh(`echo '{"command":"vpcctl delete-vpc b","scope":[{"vpc":"b"}]}' > $VPCCTL_STATE_DIR/journal.json`);
  await host.sh(`vpcctl cleanup a`);
  expect(await host.sh(`vpcctl create-vpc c 10.0.0.0/16`)).toContain("An earlier command had been interrupted");
  expect(await host.sh(`ls /run/netns`)).not.toContain("vpc.b");
  expect(await host.sh(`ls $VPCCTL_STATE_DIR`)).not.toContain("journal.json");
});
