// What kind of thing a change is about, for counting: its subject without names. A subject is `VPC a`, `route a/main 10.0.0.0/8`, or
// `rule of security group a/web`: names stand last, and the first of two has a slash.

/** `VPC`, `route`, `rule of a security group`, and how several of them are called. */
export function kindOf(subject: string): { readonly one: string; readonly many: string } {
  const [, thing, link, owner] = /^(.+?) (of|at) (.+)$/.exec(subject) ?? [];
  if (thing === undefined || owner === undefined) {
    const kind = withoutNames(subject);
    return { one: kind, many: plural(kind) };
  }
  const whose = withoutNames(owner);
  return { one: `${thing} ${link} ${/^[aeiou]/.test(whose) ? "an" : "a"} ${whose}`, many: `${plural(thing)} ${link} ${plural(whose)}` };
}

function withoutNames(subject: string): string {
  const words = subject.split(" ");
  const firstName = words.findIndex((word) => word.includes("/"));
  return words.slice(0, firstName < 0 ? -1 : firstName).join(" ");
}

const plural = (noun: string): string => (noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`);
