import type { Instance } from "../model/instance.ts";
import { defaultGroup } from "../model/security-group.ts";
import type { Change } from "./change.ts";
import { change } from "./differences.ts";

/** What changed about one instance. */
export function* instanceChanges(subject: string, before: Instance | undefined, after: Instance | undefined): Generator<Change> {
  if (before === undefined || after === undefined) {
    yield* change(subject, before && placeText(before), after && placeText(after));
    return;
  }
  // The rest of what is new about an instance that took the place of another is no news beside that.
  const remade = before.slot !== after.slot || before.subnet !== after.subnet || before.address !== after.address;
  yield* change(subject, placeText(before), placeText(after), remade);
  yield* change(subject, before.state, after.state);
  yield* change(subject, publicText(before), publicText(after));
  yield* change(subject, groupsText(before), groupsText(after));
  yield* change(subject, checkText(before), checkText(after));
  yield* change(subject, programText(before), programText(after));
}

const placeText = ({ address, subnet }: Instance): string => `${address} in ${subnet}`;
const groupsText = ({ securityGroups = [defaultGroup] }: Instance): string => `security groups ${securityGroups.join(", ")}`;
const checkText = ({ sourceDestCheck }: Instance): string => `source/destination check ${sourceDestCheck === false ? "off" : "on"}`;

function publicText({ publicAddress, associatePublicIp }: Instance): string {
  const address = `public address ${publicAddress ?? "none"}`;
  return associatePublicIp === true ? `${address} (one at each start)` : address;
}

function programText({ workload }: Instance): string {
  if (workload === undefined) return "no program";
  const { command, restart } = workload;
  return `program ${typeof command === "string" ? command : JSON.stringify(command)}, restart ${restart}`;
}
