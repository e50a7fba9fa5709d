// The services of the make-believe internet: a name server (UDP and TCP) and a web server.
//
// A socket belongs to the network namespace in which it was opened, wherever its thread is later. So the sockets are opened inside
// the internet, which is synchronous, and served from here by the ordinary event loop.
import { inNamespace } from "../kernel/namespaces.ts";
import { replyTo } from "./dns-message.ts";
import { internetNamespace, lookUp, nameServer6, nameServers, webServer6 } from "./make-believe.ts";
import { hasIpv6 } from "./set-up-network.ts";

const DNS_PORT = 53;
const HTTP_PORT = 80;

/** Resolves when all of them answer; they keep the process alive. */
export async function serveInternet(): Promise<void> {
  const datagrams: Promise<unknown>[] = [];
  inNamespace(internetNamespace, () => {
    datagrams.push(...nameServers.map(serveNamesOverUdp));
    serveNamesOverTcp();
    serveWeb("0.0.0.0");
    if (!hasIpv6()) return;
    datagrams.push(serveNamesOverUdp(nameServer6));
    serveWeb(webServer6);
  });
  await Promise.all(datagrams);
}

/** A reply must come from the address that was asked; a socket for all addresses would reply from the one nearest to the client. */
function serveNamesOverUdp(hostname: string): Promise<unknown> {
  return Bun.udpSocket({
    hostname,
    port: DNS_PORT,
    socket: {
      data(socket, query, port, address) {
        const reply = replyTo(query, lookUp);
        if (reply !== undefined) socket.send(reply, port, address);
      },
      error: ignoreClient,
    },
  });
}

/** A client that went away before its answer came: the kernel tells, and without a handler it would end the process. */
function ignoreClient(): void {}

/** Over TCP each message follows its length in two bytes (RFC 1035, 4.2.2), and may come in pieces. */
function serveNamesOverTcp(): void {
  Bun.listen<{ pending: Buffer }>({
    hostname: "0.0.0.0",
    port: DNS_PORT,
    socket: {
      open(socket) {
        socket.data = { pending: Buffer.alloc(0) };
      },
      data(socket, bytes) {
        let pending = Buffer.concat([socket.data.pending, bytes]);
        while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
          const end = 2 + pending.readUInt16BE(0);
          const reply = replyTo(pending.subarray(2, end), lookUp);
          if (reply !== undefined) socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]));
          pending = pending.subarray(end);
        }
        socket.data.pending = pending;
      },
      error: ignoreClient,
    },
  });
}

/** Answers every request, and tells the client under which address it was seen: with NAT that is not its own. */
function serveWeb(hostname: string): void {
  Bun.serve({
    hostname,
    port: HTTP_PORT,
    fetch(request, server) {
      const client = server.requestIP(request)?.address ?? "unknown";
      // A request of HTTP/1.0 names no host, and then its URL is none.
      const host = request.headers.get("host") ?? "no host";
      const body = `<!doctype html>\n<title>The make-believe internet</title>\n<p>You asked for ${host}, and came from ${client}.</p>\n`;
      return new Response(body, { headers: { "content-type": "text/html; charset=utf-8", server: "vpcctl-sandbox", "x-client-address": client } });
    },
  });
}
