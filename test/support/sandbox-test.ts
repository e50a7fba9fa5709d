import { test } from "bun:test";
import { fakeHost, type FakeHost, type FakeHostOptions } from "./fake-host.ts";

/** A test on a fresh host of its own. One that gets no host fails, with the reason; it never skips. */
export function sandboxTest(name: string, body: (host: FakeHost) => Promise<void>, options: FakeHostOptions = {}): void {
  test(name, async () => {
    await using host = await fakeHost(options);
    await body(host);
  });
}
