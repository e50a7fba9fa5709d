import { enterSandbox } from "../../sandbox/enter-sandbox.ts";
import type { Run } from "../command.ts";

export const run: Run = ({ trailing = [] }) => enterSandbox(trailing.length > 0 ? { command: trailing } : {});
