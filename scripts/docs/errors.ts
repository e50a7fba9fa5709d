import { errorCodes, exitStatus } from "../../src/model/errors.ts";

const exitMeanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: "Done. Also: nothing had to be done.",
  failed: "Failed; or `test-connectivity` or `analyze` found something that is not as it should be.",
  usage: "The input does not fit; nothing was touched.",
  notFound: "What you named does not exist.",
  conflict: "It contradicts what exists.",
  notPermitted: "The rights, a kernel feature or a library is missing.",
  bug: "A bug in vpcctl.",
};

/** Exit statuses, each with a table of the error codes that lead to it. */
export function generate(): string {
  const parts = Object.entries(exitStatus).map(([name, status]) => {
    const codes = Object.entries(errorCodes).filter(([, kind]) => kind.exit === status);
    const rows = codes.map(([code, { origin, meaning }]) => `| \`${code}\` | ${origin === "ec2" ? "EC2" : ""} | ${meaning} |`);
    const table = ["| code | | meaning |", "|---|---|---|", ...rows].join("\n");
    return `## ${status}\n\n${exitMeanings[name as keyof typeof exitStatus]}${rows.length === 0 ? "" : `\n\n${table}`}`;
  });
  return parts.join("\n\n");
}
