import type { Step } from "../driver.ts";
import { objectKey } from "./objects/identity.ts";
import type { SpecObject } from "./objects/object.ts";
import { script } from "./script/script.ts";

/** One object to make, change or remove. Its texts are made when asked for: a build of 1,000 subnets has 11,000 steps. */
export class LinuxStep implements Step {
  readonly action: "add" | "change" | "delete";
  readonly object: SpecObject;
  /** How it was, for a change. */
  readonly previous: SpecObject | undefined;

  constructor(action: "add" | "change" | "delete", object: SpecObject, previous?: SpecObject) {
    this.action = action;
    this.object = object;
    this.previous = previous;
  }

  get subject(): string {
    return objectKey(this.object);
  }

  get why(): string {
    return this.object.why ?? (this.action === "delete" ? "No longer part of what you asked for." : "");
  }

  get script(): readonly string[] {
    return script(this.action, this.object, this.previous);
  }
}
