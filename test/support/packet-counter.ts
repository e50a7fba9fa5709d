// Counts what leaves a fake host by its uplink: at the other end, inside the internet, so that the host itself is not changed.
import type { FakeHost } from "./fake-host.ts";

export interface PacketCounter extends AsyncDisposable {
  /** Packets seen so far. */
  packets(): Promise<number>;
}

let counters = 0;

/** @param match nftables expressions that choose the packets, for example `ip saddr 10.0.0.0/8` */
export async function countOnUplink(host: FakeHost, match: string): Promise<PacketCounter> {
  const table = `counter${++counters}`;
  const nft = (commands: string): Promise<string> => host.sh(["ip", "netns", "exec", "internet", "nft", "-j", commands]);
  // Before any other hook, and before routing: what arrives is counted, whatever happens to it.
  await nft(`table netdev ${table} {
    counter seen { }
    chain arrivals { type filter hook ingress device host0 priority -500; ${match} counter name seen; }
  }`);
  return {
    async packets() {
      const answer = JSON.parse(await nft(`list counter netdev ${table} seen`)) as { readonly nftables: readonly { readonly counter?: { readonly packets: number } }[] };
      const counter = answer.nftables.find((entry) => entry.counter !== undefined)?.counter;
      if (counter === undefined) throw new Error("the packet counter is gone");
      return counter.packets;
    },
    async [Symbol.asyncDispose]() {
      await nft(`delete table netdev ${table}`);
    },
  };
}
