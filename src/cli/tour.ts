// The tour that `vpcctl demo` takes: the tutorial's lines, what to know before each, and the exit status each must have.

export interface TourStop {
  readonly say: string;
  /** Words after `vpcctl`. */
  readonly words: readonly string[];
  /** Absent: 0. */
  readonly status?: number;
}

const headers = "curl -s --head --max-time 5 http://www.google.com";

export const tour: readonly TourStop[] = [
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
  {
    say: "Any program can run in a subnet. From the public one the web answers (here a make-believe web, so no packet leaves this machine) ...",
    words: ["run-workload", "company-a", "public-web", headers],
  },
  {
    say: "... and from the private one there is silence, until curl gives up after five seconds (status 28).",
    words: ["run-workload", "company-a", "private-db", headers],
    // curl's own for "timed out".
    status: 28,
  },
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
