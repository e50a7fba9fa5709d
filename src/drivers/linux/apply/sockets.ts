import { NamespaceHandle } from "../../../kernel/namespaces.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";

/** A netlink socket in each namespace in use, and that namespace's own file, each opened on first need. */
export class Sockets {
  // A build visits subnet after subnet; keeping a few open serves the router and the host, keeping all would run out of files.
  static readonly #kept = 32;
  readonly #sockets = new Map<string, RouteSocket>();
  readonly #handles = new Map<string, NamespaceHandle>();

  socket(namespace: string): RouteSocket {
    const known = this.#sockets.get(namespace);
    if (known === undefined) return this.adopt(namespace, RouteSocket.open(namespace));
    // To the end of the line: what is used stays.
    this.#sockets.delete(namespace);
    this.#sockets.set(namespace, known);
    return known;
  }

  /** The socket in a namespace that was visited lately. */
  ifOpen(namespace: string): RouteSocket | undefined {
    return this.#sockets.get(namespace);
  }

  /** Takes over a socket that was opened elsewhere. */
  adopt(namespace: string, socket: RouteSocket): RouteSocket {
    this.#sockets.set(namespace, socket);
    trim(this.#sockets, Sockets.#kept);
    return socket;
  }

  /** Open until many others have been asked for. */
  fd(namespace: string): number {
    let handle = this.#handles.get(namespace);
    if (handle === undefined) {
      handle = new NamespaceHandle(namespace);
      this.#handles.set(namespace, handle);
    }
    return handle.fd;
  }

  /** Files of namespaces may be closed once the requests that name them are sent. */
  closeHandles(): void {
    for (const handle of this.#handles.values()) handle.close();
    this.#handles.clear();
  }

  /** A namespace that goes is not to be held by us. */
  forget(namespace: string): void {
    this.#sockets.get(namespace)?.close();
    this.#sockets.delete(namespace);
    this.#handles.get(namespace)?.close();
    this.#handles.delete(namespace);
  }

  close(): void {
    this.closeHandles();
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }
}

function trim(sockets: Map<string, RouteSocket>, kept: number): void {
  for (const [namespace, socket] of sockets) {
    if (sockets.size <= kept) return;
    socket.close();
    sockets.delete(namespace);
  }
}
