import { tryParseNameServer } from "../dhcp-options.ts";
import { domainFault } from "../dns-names.ts";
import { isRecord, type Problems } from "./checks.ts";

/** What programs of a VPC are told, as stored: it is written into files, so every word counts. */
export function checkDhcpOptions(options: unknown, path: string, problems: Problems): void {
  if (!isRecord(options)) return problems.add(path, "is not an object");
  const { domainNames, domainNameServers } = options;
  if (domainNames === undefined && domainNameServers === undefined) problems.add(path, "is empty");
  checkList(domainNames, `${path}.domainNames`, problems, domainFault);
  checkList(domainNameServers, `${path}.domainNameServers`, problems, (text) => {
    const parsed = tryParseNameServer(text);
    if ("problem" in parsed) return parsed.problem.message;
    return parsed.value === text ? undefined : `it is written ${parsed.value}`;
  });
}

/** Absent is sound, empty is not. */
function checkList(list: unknown, path: string, problems: Problems, fault: (text: string) => string | undefined): void {
  if (list === undefined) return;
  if (!Array.isArray(list) || list.length === 0) return problems.add(path, "is not a list, or is an empty one");
  for (const [at, entry] of (list as unknown[]).entries()) {
    const why = typeof entry === "string" ? fault(entry) : "it is not a text";
    if (why !== undefined) problems.add(`${path}.${at}`, `is wrong: ${why}`);
  }
}
