import type { FakeHost } from "./fake-host.ts";

/** Starts a program with a network namespace of its own, as a container with `--network none` has; returns its number on the host. */
export async function startStranger(host: FakeHost): Promise<string> {
  const pid = await host.sh(`
    unshare --net sleep 1000000 >/dev/null 2>&1 &
    until [ $(readlink /proc/$!/ns/net) != $(readlink /proc/self/ns/net) ]; do sleep 0.01; done; echo $!`);
  return pid.trim();
}
