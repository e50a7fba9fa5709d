import { expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";

sandboxTest("a standby process is known by who starts one, also while it is at a change in other namespaces", async (host) => {
  const pid = /process (\d+)/.exec(await host.sh("vpcctl start-standby"))?.[1];
  await host.sh("vpcctl create-vpc a 10.0.0.0/16");
  const changes = host.start("while :; do vpcctl add-subnet a web 10.0.1.0/24; vpcctl delete-subnet a web; done >/dev/null 2>&1");
  const starts = await host.sh("for turn in $(seq 60); do vpcctl start-standby 2>&1; done");
  changes.kill();
  expect([...new Set(starts.trim().split("\n"))]).toEqual([expect.stringContaining(`rocess ${pid} stands by`)]);
}, { internet: false });
