// Gate 3, the short way: every twelfth call of the commands that do most, each with one error. `npm run gate` tries all calls with all errors.
import { testErrors } from "../gate/error-matrix.ts";
import { chosen } from "../gate/scenarios.ts";

testErrors(chosen, "one", (index) => index % 12 === 5);
