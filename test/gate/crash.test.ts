// Gate 2. Every kill point of every command.
import { testKills } from "./kill-matrix.ts";
import { scenarios } from "./scenarios.ts";

testKills(scenarios);
