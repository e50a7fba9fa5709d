// What a workload sees of the machine: links, name servers, mounts.
import { expect, test } from "bun:test";
import { program, run } from "./workload-place.ts";

test("a workload sees the subnet's links only, also in /sys, and keeps the control groups", () => {
  const { stdout } = run(`
    ip link add outside type bridge
    ip -n vpc.lab.one link add inside type bridge
    ls /sys/fs/cgroup > /run/groups
    program run sh 'ls /sys/class/net; ls /sys/fs/cgroup | cmp - /run/groups && echo same; pwd'`);
  expect(stdout).toBe(`inside\nlo\nsame\n${process.cwd()}\n`);
});

const ETC = `
mkdir /run/etc /run/systemd /run/systemd/resolve; cp /etc/passwd /etc/ld.so.cache /run/etc; mount --bind /run/etc /etc
echo 'nameserver 127.0.0.53' > /run/systemd/resolve/stub-resolv.conf
echo 'nameserver 192.0.2.7' > /run/systemd/resolve/resolv.conf
ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
`;

test("a workload asks the servers behind the host's stub, through a link too, and the host's files stay as they are", () => {
  const { stdout } = run(`${ETC}
    program run cat /etc/resolv.conf
    cat /etc/resolv.conf /run/systemd/resolve/*; readlink /etc/resolv.conf`);
  const [inside, outside] = [stdout.split("\n").slice(0, 2), stdout.split("\n").slice(2)];
  expect(inside).toEqual(["# Name servers for workloads, from /run/systemd/resolve/resolv.conf.", "nameserver 192.0.2.7"]);
  expect(outside.join("\n")).toBe("nameserver 127.0.0.53\nnameserver 192.0.2.7\nnameserver 127.0.0.53\n../run/systemd/resolve/stub-resolv.conf\n");
});

test("a workload cannot look up names over the sockets of the host's name services", () => {
  const { stdout } = run(`${ETC}
    ${process.execPath} -e 'Bun.listen({ unix: "/run/systemd/resolve/io.systemd.Resolve", socket: { data() {} } })' & server=$!
    until_true test -S /run/systemd/resolve/io.systemd.Resolve
    program run sh 'test -S /run/systemd/resolve/io.systemd.Resolve || echo covered'
    test -S /run/systemd/resolve/io.systemd.Resolve && echo "still there"; kill $server`);
  expect(stdout).toBe("covered\nstill there\n");
});

test("a workload keeps both when the host puts a new file, and a name service a new socket, in the place of the old", () => {
  const socket = "/run/nscd/socket";
  const serve = `${process.execPath} -e 'Bun.listen({ unix: "${socket}", socket: { data() {} } })' & until_true test -S ${socket}`;
  const { stdout } = run(`${ETC} mkdir /run/nscd
    ${serve}; server=$!
    ${program} run sh 'touch /run/ready; until test -e /run/again; do sleep 0.01; done; cat /etc/resolv.conf; test -e ${socket} || echo covered' & workload=$!
    until_true test -e /run/ready
    echo 'nameserver 127.0.0.53 # anew' > /run/systemd/resolve/new; mv /run/systemd/resolve/new /run/systemd/resolve/stub-resolv.conf
    kill $server; wait $server; rm -f ${socket}; ${serve}; server=$!
    touch /run/again; wait $workload; kill $server; cat /etc/resolv.conf`);
  expect(stdout).toBe("# Name servers for workloads, from /run/systemd/resolve/resolv.conf.\nnameserver 192.0.2.7\ncovered\nnameserver 127.0.0.53 # anew\n");
});

test("without a usable server the workload asks public ones and the user is told", () => {
  const { stdout, stderr } = run(`${ETC}
    rm /run/systemd/resolve/resolv.conf
    program run grep nameserver /etc/resolv.conf`);
  expect(stdout).toBe("nameserver 8.8.8.8\nnameserver 1.1.1.1\n");
  expect(stderr).toStartWith("note: The host's name servers cannot be reached from a VPC");
});

test("without an /etc/resolv.conf to cover the workload runs all the same and the user is told", () => {
  const { stdout, stderr } = run(`${ETC}
    rm /run/systemd/resolve/stub-resolv.conf
    program run echo ran`);
  expect(stdout).toBe("ran\n");
  expect(stderr).toContain("/etc/resolv.conf cannot be replaced (No such file or directory)");
});

test("mounts are private to a workload: none shows outside, while it runs or after, even if the host shares its mounts", () => {
  const { stdout } = run(`
    mount --make-rshared /; cat /proc/self/mountinfo > /run/before
    ${program} run sh 'mount -t tmpfs mine /mnt; echo private > /mnt/file; touch /run/ready; exec sleep 1000' & pid=$!
    until_true test -e /run/ready
    cmp /run/before /proc/self/mountinfo && echo "same while it runs"
    mount -t tmpfs disk /media && umount /media && echo "the host can unmount"
    kill -KILL $pid; wait $pid 2>/dev/null; rm /run/ready
    cmp /run/before /proc/self/mountinfo && echo "same after"; ls /run/netns; ls /run/vpcctl`);
  expect(stdout).toBe("same while it runs\nthe host can unmount\nsame after\nvpc.lab.one\nvpc.lab.two\n");
});

test("a namespace that is not there is an error, and nothing runs", () => {
  const { stdout, stderr, exitCode } = run(`ip netns delete vpc.lab.one; program run echo ran`);
  expect(stdout).toBe("");
  expect(stderr).toContain("open namespace vpc.lab.one");
  expect(exitCode).toBe(4);
});
