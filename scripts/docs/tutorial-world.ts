// The tutorial's VPC, as lines to type and as a World: the documents show the one and draw the other.
import { addSubnet } from "../../src/operations/add-subnet.ts";
import { createVpc } from "../../src/operations/create-vpc.ts";
import { enableInternet } from "../../src/operations/enable-internet.ts";
import { emptyWorld, type World } from "../../src/model/world.ts";

export const vpc = "company-a";
const cidr = "10.0.0.0/16";
const subnets = [
  { vpc, name: "public-web", cidr: "10.0.1.0/24" },
  { vpc, name: "private-db", cidr: "10.0.2.0/24" },
] as const;
const publicSubnet = { vpc, subnet: subnets[0].name } as const;

/** Words after the program's name that build it. */
export const buildLines: readonly string[] = [
  `create-vpc ${vpc} ${cidr}`,
  ...subnets.map((subnet) => `add-subnet ${vpc} ${subnet.name} ${subnet.cidr}`),
  `enable-internet ${vpc} ${publicSubnet.subnet}`,
];

/** All seven lines of the tutorial, after the program's name. */
export const tutorialLines: readonly string[] = [
  ...buildLines,
  `test-connectivity ${vpc}`,
  `run-workload ${vpc} ${publicSubnet.subnet} "curl -s --head http://www.google.com"`,
  "cleanup",
];

/** What the build lines mean. */
export const tutorialWorld: World = enableInternet(
  subnets.reduce((world: World, subnet) => addSubnet(world, subnet), createVpc(emptyWorld, { name: vpc, cidr })),
  publicSubnet,
);
