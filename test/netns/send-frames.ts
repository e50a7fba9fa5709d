// A program for one purpose: sends each frame (hex) out of `eth0` of the namespace it is started in.
import { readFileSync } from "node:fs";
import { errno, probeCalls, socketCalls, strerror } from "../../src/kernel/libc.ts";

const AF_PACKET = 17;
const SOCK_RAW = 3;

const index = Number(readFileSync("/sys/class/net/eth0/ifindex", "utf8"));
// struct sockaddr_ll, of which sending needs family and interface.
const link = Buffer.alloc(20);
link.writeUInt16LE(AF_PACKET, 0);
link.writeInt32LE(index, 4);
link.writeUInt8(6, 11);

const socket = socketCalls().socket(AF_PACKET, SOCK_RAW, 0);
for (const hex of process.argv.slice(2)) {
  const frame = Buffer.from(hex, "hex");
  if (probeCalls().sendto(socket, frame, frame.length, 0, link, link.length) !== frame.length) throw new Error(`cannot send a frame: ${strerror(errno())}`);
}
