// Kinds of object that make packets wait.

/** In the kernel's units: bytes, ticks of 64 ns, 2^32 for all packets. */
export type LeafQueue =
  | { readonly kind: "bfifo"; readonly bytes: number }
  | { readonly kind: "netem"; readonly latency: number; readonly jitter: number; readonly loss: number; readonly packets: number };

interface OnLink {
  readonly why?: string;
  readonly namespace: string;
  readonly link: string;
  readonly index: number;
}

/** A block that packets are sent through to wait in its queues: on the way into a link they could not. Up. */
export interface IfbObject extends OnLink {
  readonly kind: "ifb";
  /** Nobody ever sees it, but the kernel would make one up. */
  readonly mac: string;
}

/** HTB at the root of a link; it has the classes. */
export interface HtbObject extends OnLink {
  readonly kind: "htb";
}

/** A class of a link's HTB: so much and no more. With a queue of its own, or with classes in it. */
export interface ShapeClassObject extends OnLink {
  readonly kind: "shape-class";
  readonly minor: number;
  readonly parent?: number;
  /** Bytes per second that are its own, and that it may have when its parent has some left. */
  readonly rate: number;
  readonly ceil: number;
  readonly queue?: LeafQueue;
}
