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
    return this.action === "delete" ? whyDeleted(this.object) : (this.object.why ?? "");
  }

  get script(): readonly string[] {
    return script(this.action, this.object, this.previous);
  }
}

/** What a learner should know of a removal; why the thing had been there is another matter. */
function whyDeleted(o: SpecObject): string {
  switch (o.kind) {
    case "namespace":
      return "A namespace goes with all that is in it: links, addresses, routes and rules.";
    case "bridge":
    case "ifb":
    case "veth":
      return "A link goes with everything that hangs on it; of a veth pair both ends go.";
    case "sysctl":
      return "The setting goes back to how it was before.";
    case "nft-table":
      return "A table goes with all its rules.";
    case "nft-element":
      return o.set.startsWith("acl-") ? "Off the list: no network ACL judges it any more." : "Off the list: from now on nothing of it gets through.";
    case "foreign-rule":
      return "The rule that was put into another program's firewall goes; the rest of it stays.";
    default:
      return "No longer part of what you asked for.";
  }
}
