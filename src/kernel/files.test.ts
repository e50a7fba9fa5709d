import { expect, test } from "bun:test";
import * as fs from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { errnoCode, errnoOf, errnos } from "./errno.ts";
import * as files from "./files.ts";
import { signalName } from "./signals.ts";

function inDirectory(use: (directory: string) => void): void {
  const directory = fs.mkdtempSync(join(tmpdir(), "vpcctl-files-"));
  try {
    use(directory);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

const outcome = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    const { code, syscall, path, errno } = error as NodeJS.ErrnoException;
    return { code, syscall, path, errno };
  }
};

test("every error has the number, the name and the facts that node:fs gives it", () => {
  inDirectory((directory) => {
    const file = `${directory}/file`;
    fs.writeFileSync(file, "x");
    fs.mkdirSync(`${directory}/full/inner`, { recursive: true });
    const pairs: [string, () => unknown, () => unknown][] = [
      ["open", () => files.openSync(`${directory}/none`, "r"), () => fs.openSync(`${directory}/none`, "r")],
      ["open what must be new", () => files.openSync(file, "wx"), () => fs.openSync(file, "wx")],
      ["open through a file", () => files.openSync(`${file}/x`, "r"), () => fs.openSync(`${file}/x`, "r")],
      ["mkdir", () => files.mkdirSync(file), () => fs.mkdirSync(file)],
      ["mkdir in nothing", () => files.mkdirSync(`${directory}/a/b`), () => fs.mkdirSync(`${directory}/a/b`)],
      ["rmdir", () => files.rmdirSync(`${directory}/full`), () => fs.rmdirSync(`${directory}/full`)],
      ["unlink", () => files.unlinkSync(`${directory}/none`), () => fs.unlinkSync(`${directory}/none`)],
      ["rename", () => files.renameSync(`${directory}/none`, file), () => fs.renameSync(`${directory}/none`, file)],
      ["stat", () => files.statSync(`${directory}/none`), () => fs.statSync(`${directory}/none`)],
      ["lstat", () => files.lstatSync(`${directory}/none`), () => fs.lstatSync(`${directory}/none`)],
      ["fstat", () => files.fstatSync(999_999), () => fs.fstatSync(999_999)],
      ["close", () => files.closeSync(999_999), () => fs.closeSync(999_999)],
      ["chmod", () => files.chmodSync(`${directory}/none`, 0o600), () => fs.chmodSync(`${directory}/none`, 0o600)],
      ["readlink", () => files.readlinkSync(file), () => fs.readlinkSync(file)],
      ["symlink", () => files.symlinkSync("x", file), () => outcome(() => fs.symlinkSync("x", file)) && { code: "EEXIST", syscall: "symlink", path: file, errno: -17 }],
    ];
    for (const [name, ours, theirs] of pairs) expect([name, outcome(ours)]).toEqual([name, outcome(theirs)]);
  });
});

test("an error says in one line what failed and why", () => {
  expect(() => files.openSync("/nowhere/at/all", "r")).toThrow("ENOENT: no such file or directory, open '/nowhere/at/all'");
  expect(() => files.renameSync("/nowhere/a", "/nowhere/b")).toThrow("ENOENT: no such file or directory, rename '/nowhere/a' -> '/nowhere/b'");
  expect(() => files.openSync("/tmp/a\0b", "r")).toThrow("EINVAL: invalid argument, open");
});

test("content comes back as it was written, at every length around the first read", () => {
  inDirectory((directory) => {
    const path = `${directory}/content`;
    for (const length of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
      const text = "äx".repeat(length).slice(0, length);
      files.writeFileSync(path, text);
      expect(files.readFileSync(path, "utf8") === text).toBe(true);
      expect(fs.readFileSync(path).equals(files.readFileSync(path))).toBe(true);
    }
    files.writeFileSync(path, "one");
    files.writeFileSync(path, " two", { flag: "a" });
    files.writeFileSync(path, "O", { flag: "r+" });
    expect([files.readFileSync(path, "utf8"), files.readFileSync(path, "latin1")]).toEqual(["One two", "One two"]);
    expect(() => files.writeFileSync(`${directory}/missing`, "x", { flag: "r+" })).toThrow("ENOENT");
    // Of a file that says of itself that it is empty.
    expect(files.readFileSync("/proc/self/status", "utf8")).toContain("CapEff:");
  });
});

test("a part of a file is read where it was asked for, and else where the last read ended", () => {
  inDirectory((directory) => {
    fs.writeFileSync(`${directory}/x`, "abcdef");
    const fd = files.openSync(`${directory}/x`, "r");
    const buffer = Buffer.alloc(4, "-");
    const read = (offset: number, length: number, position: number | null) => [files.readSync(fd, buffer, offset, length, position), buffer.toString()];
    expect(read(1, 2, 3)).toEqual([2, "-de-"]);
    expect(read(0, 4, null)).toEqual([4, "abcd"]);
    expect(read(0, 4, null)).toEqual([2, "efcd"]);
    expect(read(0, 4, null)[0]).toBe(0);
    files.closeSync(fd);
  });
});

test("what a file is: kind, rights, size, number and device, as node:fs has them", () => {
  inDirectory((directory) => {
    fs.writeFileSync(`${directory}/file`, "12345", { mode: 0o640 });
    fs.symlinkSync("file", `${directory}/link`);
    const kinds = ({ mode, size, ino, ...stats }: fs.Stats | files.Stats, of: fs.Stats | files.Stats) => {
      void stats;
      return { mode, size, ino, is: [of.isFile(), of.isDirectory(), of.isSymbolicLink(), of.isCharacterDevice(), of.isFIFO()] };
    };
    for (const path of [directory, `${directory}/file`, `${directory}/link`, "/dev/null", "/proc/self/ns/net"]) {
      for (const [ours, theirs] of [[files.statSync(path), fs.statSync(path)], [files.lstatSync(path), fs.lstatSync(path)]] as const) {
        expect([path, kinds(ours, ours)]).toEqual([path, kinds(theirs, theirs)]);
      }
    }
    expect(files.statSync("/proc/self/ns/net").dev === files.statSync("/proc/self/ns/uts").dev).toBe(true);
    expect(files.statSync("/proc/self/ns/net").dev === files.statSync(directory).dev).toBe(false);
    expect([files.existsSync(directory), files.existsSync(`${directory}/none`), files.statIfThere(`${directory}/none`)]).toEqual([true, false, undefined]);
    const fd = files.openSync(`${directory}/file`, "r");
    expect([files.fstatSync(fd).size, files.isTerminal(fd)]).toEqual([5, false]);
    files.closeSync(fd);
  });
});

test("a directory is made while others make it and take it away", async () => {
  const directory = fs.mkdtempSync(join(tmpdir(), "vpcctl-files-"));
  const other = Bun.spawn(["sh", "-c", "until [ -e stop ]; do mkdir -p a/b; rmdir a/b a; done"], { cwd: directory, stderr: "ignore" });
  try {
    // So often was the other one quicker than our look at what we had made.
    for (let taken = 0; taken < 3; taken += fs.existsSync(`${directory}/a/b`) ? 0 : 1) files.mkdirSync(`${directory}/a/b`, { recursive: true });
  } finally {
    fs.writeFileSync(`${directory}/stop`, "");
    await other.exited;
    fs.rmSync(directory, { recursive: true });
  }
}, 60_000);

test("a directory is made with those above it, and never where something else is", () => {
  inDirectory((directory) => {
    fs.symlinkSync("nothing", `${directory}/link`);
    fs.symlinkSync(".", `${directory}/here`);
    fs.writeFileSync(`${directory}/file`, "");
    const make = (path: string) => outcome(() => files.mkdirSync(path, { recursive: true })) as { readonly code?: string } | undefined;
    expect(["here", "here/x", "x"].map((name) => make(`${directory}/${name}`))).toEqual([undefined, undefined, undefined]);
    expect(["link", "link/x", "file", "file/x"].map((name) => make(`${directory}/${name}`)?.code)).toEqual(["EEXIST", "EEXIST", "EEXIST", "ENOTDIR"]);
    // There the kernel makes none, and says that there is no such directory.
    expect(make("/proc/none/x")?.code).toBe("ENOENT");
  });
});

test("a directory of many files is read whole, and removed with all that is in it but never what its links point to", () => {
  inDirectory((directory) => {
    const full = `${directory}/a/b/c`;
    files.mkdirSync(full, { recursive: true, mode: 0o755 });
    files.mkdirSync(full, { recursive: true });
    const names = Array.from({ length: 3000 }, (_, n) => `file-with-a-long-name-${n}`);
    for (const name of names) fs.writeFileSync(`${full}/${name}`, "");
    expect(files.readdirSync(full).toSorted()).toEqual(names.toSorted());
    fs.writeFileSync(`${directory}/keep`, "kept");
    files.symlinkSync("../keep", `${directory}/a/link`);
    files.symlinkSync("../../..", `${directory}/a/b/loop`);
    expect(files.readlinkSync(`${directory}/a/link`)).toBe("../keep");
    files.removeTree(`${directory}/a`);
    files.removeTree(`${directory}/a`);
    expect(fs.readdirSync(directory)).toEqual(["keep"]);
    files.removeIfThere(`${directory}/keep`);
    files.removeIfThere(`${directory}/keep`);
    expect(() => files.removeIfThere(directory)).toThrow("EISDIR");
  });
});

test("what may be executed", () => {
  inDirectory((directory) => {
    fs.writeFileSync(`${directory}/program`, "", { mode: 0o755 });
    fs.writeFileSync(`${directory}/text`, "", { mode: 0o644 });
    expect(["program", "text", "none"].map((name) => files.mayExecute(`${directory}/${name}`))).toEqual([true, false, false]);
  });
});

test("errors and signals have the numbers and names that the runtime knows", () => {
  for (const [code, number] of Object.entries(constants.errno)) {
    if (code === "EWOULDBLOCK" || code === "EOPNOTSUPP" || code === "ENOTSUP") continue;
    expect([code, errnoOf(code), errnoCode(number)]).toEqual([code, number, code]);
  }
  for (const [name, number] of Object.entries(constants.signals)) {
    if (["SIGIOT", "SIGPOLL", "SIGUNUSED", "SIGRT1"].includes(name)) continue;
    expect([number, signalName(number)]).toEqual([number, name as NodeJS.Signals]);
  }
  expect([0, 41, 9999].map(errnoCode)).toEqual(["EUNKNOWN", "EUNKNOWN", "EUNKNOWN"]);
  expect(["EOTHER", "-", ""].map(errnoOf)).toEqual([undefined, undefined, undefined]);
  expect([errnoCode(524), errnoOf("ENOTSUPP"), errnos().length]).toEqual(["ENOTSUPP", 524, 131]);
});
