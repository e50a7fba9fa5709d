import type { FakeHost } from "../support/fake-host.ts";

export interface PacketWatch {
  /** Packets that have passed since it was set up. */
  count(): Promise<number>;
}

let watches = 0;

/** Counts packets at a place in a namespace (`""` is the host's) with a table of its own: `hook` as nft writes it, `match` any expressions. */
export async function watchPackets(host: FakeHost, namespace: string, hook: { readonly family: string; readonly hook: string }, match: string): Promise<PacketWatch> {
  const table = `${hook.family} watch${++watches}`;
  const nft = (commands: string): Promise<string> => host.sh([...(namespace === "" ? [] : ["ip", "netns", "exec", namespace]), "nft", commands]);
  await nft(`table ${table} {
    counter seen { }
    chain watch { type filter hook ${hook.hook}; ${match} counter name seen; }
  }`);
  return {
    async count() {
      const packets = /packets (\d+)/.exec(await nft(`list counter ${table} seen`))?.[1];
      if (packets === undefined) throw new Error("the counter is gone");
      return Number(packets);
    },
  };
}
