// Gate 2. Every kill point of every command, and where the host matters, on both kinds of host.
import { testKills } from "./kill-matrix.ts";
import { scenarios } from "./scenarios.ts";

testKills(scenarios, "plain");
testKills(scenarios.filter(({ name }) => /internet|force|cleanup|batch/.test(name)), "shared");
