import type { Request } from "../../../kernel/netlink/request.ts";
import { setElement } from "../../../kernel/netlink/set-element.ts";
import { tableName } from "../names.ts";
import type { SpecObject } from "../objects/object.ts";
import { shapeOf } from "./set-shapes.ts";
import type { NftStep } from "./nft-commands-of.ts";

/** Steps as requests of one transaction; `undefined` when one of them is about something else than an element that can be made so. */
export function elementRequests(steps: readonly NftStep[]): readonly Request[] | undefined {
  const requests: Request[] = [];
  for (const { action, object, previous } of steps) {
    if (action !== "add") {
      const request = requestOf("delete", action === "change" ? (previous ?? object) : object);
      if (request === undefined) return undefined;
      requests.push(request);
    }
    if (action !== "delete") {
      const request = requestOf("add", object);
      if (request === undefined) return undefined;
      requests.push(request);
    }
  }
  return requests;
}

function requestOf(action: "add" | "delete", object: SpecObject): Request | undefined {
  if (object.kind !== "nft-element" || object.namespace === "" || object.family === "netdev") return undefined;
  const shape = shapeOf(object.set);
  return shape && setElement(action, { ...object, table: tableName }, shape);
}
