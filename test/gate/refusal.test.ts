// Gate 3. Every call of every command to the kernel, failing with every error.
import { testErrors } from "./error-matrix.ts";
import { scenarios } from "./scenarios.ts";

testErrors(scenarios, "every");
