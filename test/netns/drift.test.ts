// Somebody changes by hand what we made. The same command again puts exactly that right, and says so.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { eventually } from "../support/eventually.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { drifts, type Drift } from "./drifts.ts";
import { observed } from "./observed.ts";
import { buildTutorialVpc, privateDb, publicWeb, router } from "./tutorial-vpc.ts";

interface Answer {
  readonly result: string;
  readonly stepCount: number;
  readonly steps: readonly { readonly action: string; readonly subject: string }[];
}

const askJson = async (host: FakeHost, command: string): Promise<Answer> => JSON.parse(await host.sh(`vpcctl ${command} --json`)) as Answer;

async function expectMended(host: FakeHost, { damage, command = "enable-internet company-a public-web", steps }: Drift): Promise<void> {
  await buildTutorialVpc(host);
  const right = await observed(host);
  await host.sh(damage);
  const announced = await askJson(host, `${command} --dry-run`);
  const healed = await askJson(host, `${command} --explain`);
  expect(healed.result).toBe("healed");
  expect(healed.steps.map(({ action, subject }) => `${action} ${subject}`)).toEqual([...steps]);
  expect(announced.steps).toEqual(healed.steps);
  expect(await observed(host)).toEqual(right);
  // A link that was down carries packets as soon as the kernel has noticed its carrier, up to a second late.
  for (const [from, to] of [[publicWeb, "8.8.8.8"], [publicWeb, "10.0.2.4"], [privateDb, "10.0.1.4"]] as const) {
    await eventually(`packets flow from ${from} to ${to}`, () => host.ping(from, to));
  }
  expect((await askJson(host, `${command} --dry-run`)).stepCount).toBe(0);
}

describe("the same command again puts right", () => {
  for (const [name, drift] of Object.entries(drifts)) sandboxTest(name, (host) => expectMended(host, drift));

  sandboxTest("a router's namespace that was deleted, and with it nearly everything", async (host) => {
    await buildTutorialVpc(host);
    const right = await observed(host);
    await host.sh(`ip netns delete ${router}; while ip link show igw-company-a >/dev/null 2>&1; do :; done`);
    expect((await askJson(host, "create-vpc company-a 10.0.0.0/16")).result).toBe("healed");
    expect(await observed(host)).toEqual(right);
    expect(await host.ping(publicWeb, "8.8.8.8")).toBe(true);
  });

  sandboxTest("says how much it was, and then that there is nothing to do", async (host) => {
    await buildTutorialVpc(host);
    await host.sh(`ip -n ${publicWeb} address delete 10.0.1.4/24 dev eth0`);
    const command = "vpcctl add-subnet company-a public-web 10.0.1.0/24 2>/dev/null";
    expect(await host.sh(command)).toStartWith("Put right 3 things that had drifted on the machine.");
    expect(await host.sh(command)).toStartWith("Nothing to do:");
  });
});
