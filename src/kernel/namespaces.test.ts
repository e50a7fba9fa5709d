import { expect } from "bun:test";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { caught, inSandbox, shell } from "./in-sandbox.ts";
import { releaseNamespaceDirectory } from "./namespace-directory.ts";
import {
  abandonedPlace, adoptNamespaceAnd, createNamespace, createNamespaceAnd, deleteNamespace, inNamespace, inNamespaceOfProcess, isAbandonedClaim, listNamespaces, namespaceExists,
  namespaceInode, uncoverName, whileThere,
} from "./namespaces.ts";

const FILE = import.meta.path;
const mounts = (): string => shell("cat /proc/self/mountinfo");
const here = (): number => statSync("/proc/thread-self/ns/net").ino;

inSandbox(FILE, "a namespace is one that ip netns knows, and nothing is left of it", () => {
  const before = mounts();
  createNamespace("vpc.a");
  expect(listNamespaces()).toEqual(["vpc.a"]);
  expect(namespaceExists("vpc.a")).toBe(true);
  expect(shell("ip netns exec vpc.a ip -br link").split(" ")[0]).toBe("lo");
  expect(namespaceInode("vpc.a")).toBe(statSync("/run/netns/vpc.a").ino);
  deleteNamespace("vpc.a");
  expect(mounts()).toBe(before);
  expect(existsSync("/run/netns")).toBe(false);
});

inSandbox(FILE, "a name can be given once, and taken away once", () => {
  createNamespace("a");
  expect(() => createNamespace("a")).toThrow("Cannot create namespace a: File exists (EEXIST)");
  deleteNamespace("a");
  expect(() => deleteNamespace("a")).toThrow("Cannot delete namespace a: No such file or directory (ENOENT)");
  expect(() => inNamespace("a", () => 0)).toThrow("Cannot enter namespace a: No such file or directory (ENOENT)");
});

inSandbox(FILE, "what a killed creation left is taken over, or deleted", () => {
  createNamespace("keep");
  shell("cd /run/netns && touch one two && chmod 1000 one two");
  expect(isAbandonedClaim("one")).toBe(true);
  expect(namespaceExists("one")).toBe(false);
  createNamespace("one");
  expect(namespaceExists("one")).toBe(true);
  expect(isAbandonedClaim("one")).toBe(false);
  deleteNamespace("two");
  expect(listNamespaces()).toEqual(["keep", "one"]);
});

inSandbox(FILE, "a file that is not ours is neither taken over nor an abandoned claim", () => {
  createNamespace("keep");
  writeFileSync("/run/netns/notes", "mine");
  expect(isAbandonedClaim("notes")).toBe(false);
  expect(() => createNamespace("notes")).toThrow("EEXIST");
});

inSandbox(FILE, "a creation that fails half-way leaves nothing", () => {
  const before = mounts();
  const fail = (): never => {
    throw new RangeError("no");
  };
  expect(() => createNamespaceAnd("a", fail)).toThrow(RangeError);
  expect(mounts()).toBe(before);
  expect(existsSync("/run/netns")).toBe(false);
});

for (const propagation of ["private", "shared"]) {
  inSandbox(FILE, `on a ${propagation} /run namespaces can be deleted after ip netns add, and mounts are as before`, () => {
    shell(`mount --make-${propagation} /run`);
    const before = mounts();
    createNamespace("a");
    shell("ip netns add theirs");
    deleteNamespace("a");
    expect(shell("ip netns")).toContain("theirs");
    createNamespace("b");
    shell("ip netns del theirs");
    deleteNamespace("b");
    expect(mounts()).toBe(before);
    expect(existsSync("/run/netns")).toBe(false);
  });

  inSandbox(FILE, `on a ${propagation} /run an empty directory that was there before stays as it was`, () => {
    shell(`mount --make-${propagation} /run`);
    mkdirSync("/run/netns", { mode: 0o755 });
    const before = mounts() + shell("stat -c %a /run/netns");
    createNamespace("a");
    shell("ip netns add theirs");
    deleteNamespace("a");
    shell("ip netns del theirs");
    createNamespace("b");
    deleteNamespace("b");
    // Where nothing had to be bound by us, the bind that remains is the one `ip netns add` made and always leaves.
    if (propagation === "shared") shell("umount /run/netns");
    expect(mounts() + shell("stat -c %a /run/netns")).toBe(before);
  });
}

inSandbox(FILE, "the mount that ip netns add made is left alone", () => {
  shell("ip netns add theirs");
  const before = mounts();
  createNamespace("a");
  deleteNamespace("a");
  expect(mounts()).toBe(before);
});

inSandbox(FILE, "a directory that another has bound when we take it back stays, and one that another has removed is made again", () => {
  shell("mkdir --mode 1755 /run/netns && mount --bind /run/netns /run/netns && mount --bind /run/netns /run/netns");
  releaseNamespaceDirectory();
  expect(existsSync("/run/netns")).toBe(true);
  shell("umount /run/netns");
  createNamespace("a");
  shell("umount /run/netns/a && rm /run/netns/a && umount /run/netns && rmdir /run/netns");
  expect(caught(() => createNamespace("a")).code).toBe("ENOENT");
  createNamespace("a");
  deleteNamespace("a");
  expect(existsSync("/run/netns")).toBe(false);
});

inSandbox(FILE, "what goes while it is read counts as not there, whatever stands in its place; any other failure is told", () => {
  const enter = (): number => inNamespace("a", here);
  const deleted = (andThen: () => void) => (): number => {
    deleteNamespace("a");
    andThen();
    return enter();
  };
  expect(whileThere("a", enter)).toBeUndefined();
  for (const after of [() => undefined, () => shell("mkdir /run/netns && touch /run/netns/a")]) {
    createNamespace("a");
    expect(whileThere("a", enter)).toBe(namespaceInode("a"));
    expect(whileThere("a", deleted(after))).toBeUndefined();
  }
  shell("rm -r /run/netns");
  createNamespace("a");
  expect(() => whileThere("a", () => inNamespace("b", here))).toThrow("Cannot enter namespace b: No such file or directory (ENOENT)");
});

inSandbox(FILE, "a thread comes back from wherever it went, also nested and after an error", () => {
  createNamespace("a");
  createNamespace("b");
  const home = here();
  const seen = inNamespace("a", () => [here(), inNamespace("b", here), inNamespace("", here), here()]);
  expect(seen).toEqual([namespaceInode("a"), namespaceInode("b"), home, namespaceInode("a")] as number[]);
  expect(() =>
    inNamespace("a", () => {
      throw new RangeError("inside");
    }),
  ).toThrow("inside");
  expect(here()).toBe(home);
  // Its name is gone before the way back: the way back does not need it.
  inNamespace("a", () => inNamespace("b", () => deleteNamespace("a")));
  expect(here()).toBe(home);
});

inSandbox(FILE, "asynchronous code may not run in another namespace", () => {
  createNamespace("a");
  expect(() => inNamespace("a", () => Promise.resolve())).toThrow(TypeError);
});

inSandbox(FILE, "a name that is no plain file name is refused before anything happens", () => {
  for (const name of ["", ".", "..", "../run", "a/b", "a\0b"]) {
    expect(() => createNamespace(name)).toThrow("EINVAL");
    expect(() => deleteNamespace(name)).toThrow("EINVAL");
  }
  expect(() => createNamespace("n".repeat(256))).toThrow("ENAMETOOLONG");
  for (const name of ["$(reboot)", "a b", "-x", "ü", "'; rm"]) {
    createNamespace(name);
    expect(listNamespaces()).toEqual([name]);
    deleteNamespace(name);
  }
});

inSandbox(FILE, "the namespace of a process gets a name that can be taken away again, and the process keeps its namespace", () => {
  // By itself it can tell its number as /proc has it; here we are in a process namespace of our own.
  shell(`unshare --net sh -c 'cut -d " " -f 4 /proc/self/stat >/run/pid; exec sleep 1000' >/dev/null 2>&1 & echo $! >/run/number-here
    until [ -s /run/pid ]; do sleep 0.01; done`);
  const pid = Number(shell("cat /run/pid"));
  const inode = (): number => statSync(`/proc/${pid}/ns/net`).ino;
  const place = { pid, inode: inode() };
  expect(() => adoptNamespaceAnd("a", { ...place, inode: place.inode + 1 }, () => 0)).toThrow("ESRCH");
  expect(() => adoptNamespaceAnd("a", place, () => { throw new Error("undone"); })).toThrow("undone");
  expect(existsSync("/run/netns")).toBe(false);
  expect(adoptNamespaceAnd("a", place, here)).toBe(place.inode);
  expect(namespaceInode("a")).toBe(place.inode);
  expect(inNamespaceOfProcess("a", place, () => inNamespace("a", here))).toBe(place.inode);
  // As when a process is killed before it has given the name, or before it has taken it away for good.
  uncoverName("a");
  expect([namespaceExists("a"), isAbandonedClaim("a"), abandonedPlace("a")]).toEqual([false, true, place]);
  expect(() => uncoverName("a")).toThrow("EINVAL");
  expect(adoptNamespaceAnd("a", place, here)).toBe(place.inode);
  deleteNamespace("a");
  expect([inode(), existsSync("/run/netns")]).toEqual([place.inode, false]);
  shell("kill -KILL $(cat /run/number-here)");
  while (existsSync(`/proc/${pid}/ns/net`)) Bun.sleepSync(1);
  expect(() => inNamespaceOfProcess("a", place, () => 0)).toThrow("ENOENT");
});
