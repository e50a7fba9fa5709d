import type { Run } from "../command.ts"; export const run: Run = () => { throw new Error("not yet"); };
