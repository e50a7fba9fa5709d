// The tour that `vpcctl demo` takes: the tutorial's lines, what to know before each, and the exit status each must have.

export interface TourStop {
  readonly say: string;
  /** Words after `vpcctl`. */
  readonly words: readonly string[];
  /** Absent: 0. */
  readonly status?: number;
}

/** A program that asks a web server for its headers and gives up after five seconds, and the exit status it gives up with. */
interface WebClient {
  readonly command: string;
  readonly gaveUp: number;
}

const curl: WebClient = { command: "curl -s --head --max-time 5 http://www.google.com", gaveUp: 28 };

/** For a machine without curl; bash opens TCP connections by itself. */
const bash: WebClient = {
  command: `timeout 5 bash -c 'exec 3<>/dev/tcp/www.google.com/80; printf "HEAD / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3'`,
  gaveUp: 124,
};

/** The whole tour. */
export function tourStops(hasCurl: boolean): readonly TourStop[] {
  const web = hasCurl ? curl : bash;
  return [...firstStops, ...webStops(web), ...lastStops];
}

const firstStops: readonly TourStop[] = [
  {
    say: "A VPC is a private network with a router of its own. Here it becomes a network namespace with a bridge in it.",
    words: ["create-vpc", "company-a", "10.0.0.0/16"],
  },
  {
    say: "A subnet is a slice of the VPC's addresses. Each gets a namespace, joined to the router by a virtual cable (a veth pair).",
    words: ["add-subnet", "company-a", "public-web", "10.0.1.0/24"],
  },
  {
    say: "A second one, for what nobody outside should reach.",
    words: ["add-subnet", "company-a", "private-db", "10.0.2.0/24"],
  },
  {
    say: "A subnet is public when its route table leads to an internet gateway. This makes both and leaves the other subnet alone.",
    words: ["enable-internet", "company-a", "public-web"],
  },
  {
    say: "Does it work? Real packets between all subnets, and from each to 8.8.8.8; each result is compared with what should happen.",
    words: ["test-connectivity", "company-a"],
  },
];

const webStops = ({ command, gaveUp }: WebClient): readonly TourStop[] => [
  {
    say: "Any program can run in a subnet. From the public one the web answers (here a make-believe web, so no packet leaves this machine) ...",
    words: ["run-workload", "company-a", "public-web", command],
  },
  {
    say: `... and from the private one there is silence, until the program gives up after five seconds (with status ${gaveUp}).`,
    words: ["run-workload", "company-a", "private-db", command],
    status: gaveUp,
  },
];

const lastStops: readonly TourStop[] = [
  {
    say: "All this is ordinary Linux. Where everything is, and how to look at it:",
    words: ["describe", "company-a"],
  },
  {
    say: "And away with it: processes, namespaces, links, rules and settings, so that the host is as before.",
    words: ["cleanup"],
  },
  {
    say: "Nothing is left.",
    words: ["list"],
  },
];
