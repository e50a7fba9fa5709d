import { host, internet } from "./trace.ts";
import { buildLines as build, vpc } from "./tutorial-world.ts";
import { describeWalks, type Walk } from "./walk.ts";

const router = `vpc.${vpc}`;
const publicWeb = `${router}.public-web`;
const privateDb = `${router}.private-db`;

const walks: readonly Walk[] = [
  {
    title: "From subnet to subnet",
    says: "`public-web` pings `10.0.2.4`, the address of `private-db`.",
    build,
    from: publicWeb,
    to: "10.0.2.4",
    path: [publicWeb, router, privateDb],
  },
  {
    title: "From a public subnet to the internet",
    says: "`public-web` pings `8.8.8.8`. Watch the sender's address: it is translated twice on the way out, and back on the way home.",
    build,
    from: publicWeb,
    to: "8.8.8.8",
    path: [publicWeb, router, host, internet],
  },
  {
    title: "From a private subnet to the internet",
    says:
      "`private-db` pings `8.8.8.8`. The packet has the mark of route table `main`, where the default route is a blackhole. It is seen once more by the router, and " +
      "then no more. No answer, no error: silence.",
    build,
    from: privateDb,
    to: "8.8.8.8",
    path: [privateDb, router],
  },
];

/** Three packets of the tutorial's VPC. */
export const generate = (): Promise<string> => describeWalks(walks);
