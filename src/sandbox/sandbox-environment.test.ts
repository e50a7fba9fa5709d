import { expect, test } from "bun:test";
import { sandboxEnvironment } from "./sandbox-environment.ts";

test("vpcctl is found first, and the administrators' programs are found too, each directory once", () => {
  expect(sandboxEnvironment({ PATH: "/usr/bin:/sbin" })["PATH"]).toBe("/run/sandbox/bin:/usr/bin:/sbin:/usr/local/sbin:/usr/sbin");
});

test("a sandbox inside a sandbox has the same PATH", () => {
  const once = sandboxEnvironment({ PATH: "/usr/bin" });
  expect(sandboxEnvironment(once)).toEqual(once);
});

test("the machine's VPCs and its proxies stay outside, everything else goes in", () => {
  const inside = sandboxEnvironment({ VPCCTL_STATE_DIR: "/srv/state", VPCCTL_RUNTIME_DIR: "/srv/run", http_proxy: "http://proxy:3128", NO_PROXY: "*", LANG: "C" });
  expect(inside).toMatchObject({ VPCCTL_STATE_DIR: "/run/vpcctl-state", LANG: "C" });
  expect(Object.keys(inside).filter((name) => /proxy|RUNTIME/i.test(name))).toEqual([]);
});
