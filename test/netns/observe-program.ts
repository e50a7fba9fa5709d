// A program for one purpose: prints all that the driver sees of ours on the host it is started on, one object per line, in order.
import { createLinuxDriver } from "../../src/drivers/linux/linux-driver.ts";
import { objectContent, objectKey } from "../../src/drivers/linux/objects/identity.ts";

const units = [...createLinuxDriver().observe("all").values()];
const lines = units.flatMap((unit) => unit.objects().map((object) => `${objectKey(object)}: ${objectContent(object)}`));
process.stdout.write(lines.toSorted((a, b) => (a < b ? -1 : 1)).map((line) => `${line}\n`).join(""));
