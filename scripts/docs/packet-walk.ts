import { host, type Hop, internet, router, tracePing } from "./trace.ts";

interface Walk {
  readonly title: string;
  readonly says: string;
  readonly from: string;
  readonly to: string;
  /** Namespaces in the order in which the request passes them. */
  readonly path: readonly string[];
}

const publicWeb = `${router}.public-web`;
const privateDb = `${router}.private-db`;

const walks: readonly Walk[] = [
  {
    title: "From subnet to subnet",
    says: "`public-web` pings `10.0.2.4`, the address of `private-db`.",
    from: "public-web",
    to: "10.0.2.4",
    path: [publicWeb, router, privateDb],
  },
  {
    title: "From a public subnet to the internet",
    says: "`public-web` pings `8.8.8.8`. Watch the sender's address: it is translated twice on the way out, and back on the way home.",
    from: "public-web",
    to: "8.8.8.8",
    path: [publicWeb, router, host, internet],
  },
  {
    title: "From a private subnet to the internet",
    says:
      "`private-db` pings `8.8.8.8`. The packet has the mark of route table `main`, where the default route is a blackhole. It is seen once more by the router, and " +
      "then no more. No answer, no error: silence.",
    from: "private-db",
    to: "8.8.8.8",
    path: [privateDb, router],
  },
];

/** Three packets, hop by hop, as the kernel told of them. Rejects when a packet did not take the way that its text tells. */
export async function generate(): Promise<string> {
  // At the same time: each in a sandbox of its own.
  return (await Promise.all(walks.map(describe))).join("\n\n");
}

async function describe({ title, says, from, to, path }: Walk): Promise<string> {
  const hops = await tracePing(from, to);
  const there = along(hops, path, "echo-request");
  const back = along(hops, path.toReversed(), "echo-reply");
  const seen = new Set(hops.map(({ namespace }) => namespace));
  if (seen.size !== path.length || path.some((namespace) => !seen.has(namespace))) {
    throw new Error(`The ping from ${from} to ${to} was seen in ${[...seen].join(", ")}, not in ${path.join(", ")}.`);
  }
  const parts = [`## ${title}`, says, "**There**", table(there)];
  return [...parts, ...(back.length > 0 ? ["**And back**", table(back)] : [])].join("\n\n");
}

const along = (hops: readonly Hop[], path: readonly string[], type: Hop["type"]): Hop[] =>
  oncePerHook(path.flatMap((namespace) => hops.filter((hop) => hop.namespace === namespace && hop.type === type)));

/** Where a chain of ours and one of the watchers hang on the same hook and the packet is the same to both, ours is told. */
function oncePerHook(hops: readonly Hop[]): Hop[] {
  const told: Hop[] = [];
  for (const hop of hops) {
    const last = told.at(-1);
    if (last === undefined || !isSameHook(last, hop)) told.push(hop);
    else told[told.length - 1] = { ...last, ...hop };
  }
  return told;
}

const isSameHook = (a: Hop, b: Hop): boolean =>
  a.namespace === b.namespace && a.family === b.family && a.hook === b.hook && a.from === b.from && a.to === b.to && a.ttl === b.ttl;

function table(hops: readonly Hop[]): string {
  const rows = hops.map((hop, i) => {
    const place = hop.namespace === hops[i - 1]?.namespace ? "" : hop.namespace === host ? host : `\`${hop.namespace}\``;
    return `| ${i + 1} | ${place} | ${hop.family} ${hop.hook} | ${links(hop)} | ${hop.from} → ${hop.to} | ${hop.ttl} | ${decision(hop)} |`;
  });
  return ["| | namespace | hook | links | sender → receiver | TTL | what happens |", "|---|---|---|---|---|---|---|", ...rows].join("\n");
}

function links({ incoming, outgoing }: Hop): string {
  const parts = [incoming === undefined ? [] : [`in \`${incoming}\``], outgoing === undefined ? [] : [`out \`${outgoing}\``]].flat();
  return parts.join(", ");
}

function decision({ verdict, rule, mark }: Hop): string {
  const told = verdict === undefined ? "passes" : rule === undefined ? `no rule is about it: ${verdict}` : `${verdict}: ${rule}`;
  return mark === undefined ? told : `${told}; its mark is ${mark}`;
}
