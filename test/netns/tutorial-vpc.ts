import type { FakeHost } from "../support/fake-host.ts";

/** Words after `vpcctl` that build the tutorial's VPC. */
export const tutorialCommands = [
  "create-vpc company-a 10.0.0.0/16",
  "add-subnet company-a public-web 10.0.1.0/24",
  "add-subnet company-a private-db 10.0.2.0/24",
  "enable-internet company-a public-web",
] as const;

export const router = "vpc.company-a";
export const publicWeb = "vpc.company-a.public-web";
export const privateDb = "vpc.company-a.private-db";

/** The VPC of the tutorial: `public-web` (10.0.1.4) has internet, `private-db` (10.0.2.4) has none. */
export async function buildTutorialVpc(host: FakeHost): Promise<void> {
  await vpcctl(host, ...tutorialCommands);
}

/** Runs commands one after the other; each must succeed. Returns what they printed. */
export async function vpcctl(host: FakeHost, ...commands: readonly string[]): Promise<string> {
  return host.sh(`set -e\n${commands.map((command) => `vpcctl ${command}`).join("\n")}`);
}
