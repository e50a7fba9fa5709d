// A program for one purpose: sends each frame (hex) out of `eth0` of the namespace it is started in. After `--ports FIRST LAST` there is one
// frame, an IPv4 packet with a UDP or TCP header, which is sent once from each of these ports.
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
for (const frame of frames(process.argv.slice(2))) {
  if (probeCalls().sendto(socket, frame, frame.length, 0, link, link.length) !== frame.length) throw new Error(`cannot send a frame: ${strerror(errno())}`);
}

function* frames(words: readonly string[]): Generator<Buffer> {
  if (words[0] !== "--ports") return yield* words.map((hex) => Buffer.from(hex, "hex"));
  const [, first, last, hex = ""] = words;
  const frame = Buffer.from(hex, "hex");
  for (let port = Number(first); port <= Number(last); port++) {
    // Behind the headers of Ethernet and IPv4.
    frame.writeUInt16BE(port, 14 + 20);
    yield frame;
  }
}
