// A program for one purpose: makes the host it is started on what it is told, a World per line of JSON, by the product's own engine. Answers
// each with a line: what is not on the machine as it should be. All guests forward packets, so that only the VPC decides who may be a router.
import { createLinuxDriver } from "../../../src/drivers/linux/linux-driver.ts";
import { attachmentNamespace } from "../../../src/drivers/linux/names.ts";
import { createEngine } from "../../../src/engine/engine.ts";
import { noServices } from "../../../src/engine/services.ts";
import { writeSysctl } from "../../../src/kernel/sysctl.ts";
import { attachmentsOf } from "../../../src/model/attachment.ts";
import { validateWorld } from "../../../src/model/validate.ts";
import type { World } from "../../../src/model/world.ts";
import { openStore } from "../../../src/store/store.ts";

const driver = createLinuxDriver();
const engine = createEngine({ driver, store: openStore(process.argv[2] ?? ""), services: noServices, endProcessesIn: () => [], forgetWorkloads: () => undefined });

function make(world: World): string[] {
  const before = engine.world();
  const scope = [...new Set([...Object.keys(before.vpcs), ...Object.keys(world.vpcs)])].map((vpc) => ({ vpc }));
  engine.change({ command: "make", operate: () => validateWorld(world), touches: () => scope });
  const want = driver.restrict(driver.compile(engine.world(), driver.survey()), "all");
  const drift = driver.diff(want, driver.observe("all")).flatMap(({ action, subject }) => `${action} ${subject}`);
  const guests = Object.values(world.vpcs).flatMap((vpc) => attachmentsOf(vpc).map(({ path, subnet }) => ({ namespace: attachmentNamespace(vpc.name, path), subnet })));
  for (const { namespace, subnet } of guests) {
    if (subnet.ipv6Cidr !== undefined) writeSysctl(namespace, "net/ipv6/conf/all/forwarding", 1);
    writeSysctl(namespace, "net/ipv4/ip_forward", 1);
    for (const link of ["all", "eth0"]) writeSysctl(namespace, `net/ipv4/conf/${link}/send_redirects`, 0);
  }
  return drift;
}

for await (const line of console) {
  try {
    process.stdout.write(`${JSON.stringify({ drift: make(JSON.parse(line) as World) })}\n`);
  } catch (error) {
    const { message, stack, details } = error as Error & { readonly details?: readonly string[] };
    process.stdout.write(`${JSON.stringify({ error: [message, ...(details ?? []), stack].join("\n") })}\n`);
  }
}
