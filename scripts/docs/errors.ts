import { errorCodes, exitStatus } from "../../src/model/errors.ts";

const exitMeanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: "Done. Also: nothing had to be done.",
  failed: "Failed, or `test-connectivity` found something that is not as it should be.",
  usage: "The input does not fit; nothing was touched.",
  notFound: "What you named does not exist.",
  conflict: "It contradicts what exists.",
  notPermitted: "The rights, a kernel feature or a library is missing.",
  bug: "A bug in vpcctl.",
};

/** Exit statuses, each with the error codes that lead to it. Codes that EC2 has as well are set in bold. */
export function generate(): string {
  const rows = Object.entries(exitStatus).map(([name, status]) => {
    const codes = Object.entries(errorCodes).filter(([, kind]) => kind.exit === status);
    const list = codes.map(([code, { origin, meaning }]) => `${origin === "ec2" ? `**\`${code}\`**` : `\`${code}\``}: ${meaning}`);
    return `| ${status} | ${exitMeanings[name as keyof typeof exitStatus]} | ${list.join("<br>")} |`;
  });
  return ["| exit status | meaning | error codes |", "|---|---|---|", ...rows].join("\n");
}
