import { describe, expect, test } from "bun:test";
import { emptyWorld } from "../model/world.ts";
import { loadVerb, verbAreas } from "./verb-areas.ts";
import { findVerb, verbs } from "./verbs.ts";

describe("the table of verbs", () => {
  test("has no name twice, and its examples are lines of its own command with as many words as arguments", () => {
    expect(new Set(verbs.map((verb) => verb.name)).size).toBe(verbs.length);
    for (const verb of verbs) {
      for (const { line: text } of verb.examples) {
        const [program, name, ...rest] = text.split(" ");
        expect([program, name]).toEqual(["vpcctl", verb.name]);
        const dashes = rest.indexOf("--");
        const own = dashes < 0 ? rest : rest.slice(0, dashes);
        if (dashes >= 0) expect(verb.trailing).toBeDefined();
        for (let at = own.findIndex((word) => word.startsWith("--")); at >= 0; at = own.findIndex((word) => word.startsWith("--"))) {
          const option = verb.options.find(({ flag }) => flag === own[at]);
          expect([text, option?.flag]).toEqual([text, own[at]]);
          own.splice(at, option?.value === undefined ? 1 : 2);
        }
        const needed = verb.arguments.filter(({ optional }) => optional !== true).length;
        expect(own.length).toBeGreaterThanOrEqual(needed);
        expect(own.length).toBeLessThanOrEqual(verb.arguments.length);
      }
    }
  });

  test("is cut into areas that hold each verb where its name says", async () => {
    expect(verbAreas.flatMap(({ names }) => names)).toEqual(verbs.map(({ name }) => name));
    for (const verb of verbs) expect(await loadVerb(verb.name)).toBe(verb);
    expect(await loadVerb("constructor")).toBeUndefined();
  });

  test("says in a sentence what is so now and what was so before", () => {
    const lines: readonly (readonly [verb: string, ...words: string[]])[] = [
      ["create-vpc", "a", "10.0.0.0/16"],
      ["add-subnet", "a", "web", "10.0.1.0/24"],
      ["enable-internet", "a", "web"],
      ["disable-internet", "a", "web"],
      ["delete-subnet", "a", "web"],
      ["delete-vpc", "a"],
    ];
    let world = emptyWorld;
    const said = lines.flatMap(([name, ...words]) => {
      const verb = findVerb(name);
      if (verb === undefined) throw new Error(`no verb ${name}`);
      const input = verb.parse(words);
      world = verb.operate(world, input);
      return [verb.done(world, input), verb.unchanged(world, input)];
    });
    expect(said).toEqual([
      "Created VPC a with 10.0.0.0/16.",
      "VPC a with 10.0.0.0/16 exists already.",
      "Added subnet a/web with 10.0.1.0/24.",
      "Subnet a/web with 10.0.1.0/24 exists already.",
      "Subnet a/web has internet access. Its public address is 198.18.0.2.",
      "Subnet a/web has internet access already, and public address 198.18.0.2.",
      "Subnet a/web has no internet access any more.",
      "Subnet a/web has no internet access; it uses route table main.",
      "Deleted subnet a/web.",
      "There is no subnet a/web.",
      "Deleted VPC a.",
      "There is no VPC a.",
    ]);
  });
});
