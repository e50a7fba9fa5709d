// What the router of a VPC answers itself: `analyze` and real packets say the same of it.
import { expect } from "bun:test";
import { ask } from "../support/ask-names.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic } from "../support/traffic.ts";
import { vpcctl } from "./tutorial-vpc.ts";

sandboxTest("analyze says of the router's own addresses what packets say", async (host) => {
  await vpcctl(host, "create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "create-vpc b 10.1.0.0/16", "add-subnet b app 10.1.1.0/24", "peer a b");
  const says = async (to: string, words: string): Promise<boolean> => (await host.run(`vpcctl analyze a/web ${to} ${words}`)).exitCode === 0;
  const names = async (to: string): Promise<boolean> => (await ask(host, "vpc.a.web", to, "A web.a.internal"))[0] === "10.0.1.4";
  const agree = async (to: string, asked: string): Promise<void> => {
    const words = "--protocol udp --port 53";
    expect([to, await names(to), await says(to, words), await host.ping("vpc.a.web", to), await says(to, "")].join(" ")).toBe(`${to} ${asked}`);
  };
  for (const to of ["10.0.0.2", "169.254.169.253"]) await agree(to, "false false false false");
  await vpcctl(host, "enable-dns a", "enable-dns b");
  for (const to of ["10.0.0.2", "10.0.1.2", "169.254.169.253"]) await agree(to, "true true true true");
  await agree("10.0.1.1", "false false true true");
  await agree("10.1.0.2", "false false false false");
  await using traffic = await startTraffic(host);
  expect([await traffic.reaches({ from: "vpc.a.web", to: "10.0.0.2", protocol: "tcp", port: 80 }), await says("10.0.0.2", "--port 80")]).toEqual([false, false]);
  await vpcctl(host, "link-down a web");
  await agree("10.0.0.2", "false false false false");
}, { internet: false });
