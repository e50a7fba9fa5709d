import { needs } from "../needs.mjs";

const purposes = { run: "vpcctl", test: "tests", bench: "benchmark" } as const;

/** The table of Debian packages, from the one the bootstrap works with. */
export function generate(): string {
  const rows = needs.map(({ name, purpose, why }) => `| ${name} | ${purposes[purpose]} | ${why} |`);
  return ["| package | for | why |", "|---|---|---|", ...rows].join("\n");
}
