// What a fake host's first process runs: the product's own set-up, from the sources, so that a test of one layer does not need all
// others to compile.
import { initSandbox } from "../../src/sandbox/init-sandbox.ts";

process.exit(await initSandbox(process.argv[2]));
