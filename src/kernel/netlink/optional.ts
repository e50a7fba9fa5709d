/** A property that is there only when it has a value: `{...optional("master", undefined)}` adds nothing. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
