import { expect } from "bun:test";
import { inSandbox, shell } from "./in-sandbox.ts";
import { createNamespace } from "./namespaces.ts";
import { readSysctl, writeSysctl } from "./sysctl.ts";

const FILE = import.meta.path;

inSandbox(FILE, "a setting belongs to its namespace", () => {
  createNamespace("a");
  writeSysctl("a", "net/ipv4/ip_forward", 1);
  expect(readSysctl("a", "net/ipv4/ip_forward")).toBe("1");
  expect(readSysctl("", "net/ipv4/ip_forward")).toBe("0");
  expect(shell("ip netns exec a sysctl -n net.ipv4.ip_forward").trim()).toBe("1");
});

inSandbox(FILE, "a link's name may hold dots", () => {
  shell("ip link add name a.b type bridge");
  writeSysctl("", "net/ipv4/conf/a.b/forwarding", 1);
  expect(readSysctl("", "net/ipv4/conf/a.b/forwarding")).toBe("1");
});

inSandbox(FILE, "what the kernel lacks reads as undefined; every other failure is told", () => {
  expect(readSysctl("", "net/ipv4/no_such_setting")).toBeUndefined();
  expect(() => readSysctl("gone", "net/ipv4/ip_forward")).toThrow("Cannot enter namespace gone: No such file or directory (ENOENT)");
  expect(() => writeSysctl("", "net/ipv4/no_such_setting", 1)).toThrow("Cannot set net/ipv4/no_such_setting to 1 on the host: No such file");
  expect(() => writeSysctl("", "net/ipv4/ip_forward", "x")).toThrow("Invalid argument (EINVAL)");
});

inSandbox(FILE, "a setting that goes while it is read reads as undefined", async () => {
  const rounds = Array.from({ length: 50 }, () => "link add passing type bridge\nlink delete passing").join("\n");
  const churn = Bun.spawn(["ip", "-batch", "-"], { stdio: [Buffer.from(rounds), "ignore", "ignore"] });
  const seen = new Set<string | undefined>();
  while (churn.exitCode === null) {
    for (let i = 0; i < 1000; i++) seen.add(readSysctl("", "net/ipv4/conf/passing/forwarding"));
    await Bun.sleep(0);
  }
  expect(seen).toEqual(new Set([undefined, "0"]));
});

inSandbox(FILE, "a key cannot climb out of the settings", () => {
  for (const key of ["../../etc/passwd", "net//x", "/etc/passwd", "net/./x", ""]) expect(() => readSysctl("", key)).toThrow("EINVAL");
});
