import type { SpecObject } from "../objects/object.ts";

/**
 * What a run must keep away from: a namespace that could not be made, because whatever has its name is somebody else's, and links whose
 * other end would lie in it.
 */
export class OutOfBounds {
  readonly #places = new Set<string>();

  /** This object could not be made. */
  add(object: SpecObject): void {
    if (object.kind === "namespace") this.#places.add(object.namespace);
  }

  /** Remembers a link that has to be left out as well, for what would hang on it. */
  holds(object: SpecObject): boolean {
    if (this.#places.size === 0) return false;
    const isOut = places(object).some((place) => this.#places.has(place));
    if (isOut && object.kind === "veth") for (const end of [object, object.peer]) this.#places.add(linkPlace(end));
    return isOut;
  }
}

const linkPlace = ({ namespace, link }: { readonly namespace: string; readonly link: string }): string => `${namespace} ${link}`;

function places(o: SpecObject): string[] {
  if (!("namespace" in o)) return [linkPlace({ namespace: "", link: o.link })];
  const own = [o.namespace];
  if (o.kind === "veth") own.push(o.peer.namespace);
  if (o.kind === "sysctl") own.push(linkPlace({ namespace: o.namespace, link: o.key.split("/")[3] ?? "" }));
  if ("link" in o && o.link !== undefined) own.push(linkPlace({ namespace: o.namespace, link: o.link }));
  return own;
}
