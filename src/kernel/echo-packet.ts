// ICMP echo packets (RFC 792), as raw IPv4 sockets take and give them.
//
// Which probe an answer belongs to stands in the payload, not in the 16-bit identifier and sequence number: it survives address
// translation, tells the first try from the second, and a random word keeps other pings on the machine apart. Routers that refuse
// a packet send its beginning back, payload included.

const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const ECHO_REQUEST = 8;
const TIME_EXCEEDED = 11;

/** For the socket option ICMP_FILTER: bits of the types that must not reach us; above all the echo requests of others. */
export const UNWANTED_TYPES = ~((1 << ECHO_REPLY) | (1 << UNREACHABLE) | (1 << TIME_EXCEEDED));

export const ICMP_HEADER = 8;
const PAYLOAD = 12;
export const ECHO_LENGTH = ICMP_HEADER + PAYLOAD;

export interface Echo {
  readonly identifier: number;
  readonly sequence: number;
  /** Random number of the run. */
  readonly run: number;
  readonly probe: number;
  readonly attempt: number;
}

/** With its checksum. */
export function writeEcho(view: DataView, echo: Echo): void {
  writeQuestion(view, ECHO_REQUEST, echo);
  view.setUint16(2, checksum(view));
}

/** Without a checksum. */
export function writeQuestion(view: DataView, type: number, echo: Echo): void {
  view.setUint16(0, type << 8);
  view.setUint16(2, 0);
  view.setUint16(4, echo.identifier);
  view.setUint16(6, echo.sequence);
  view.setUint32(8, echo.run);
  view.setUint32(12, echo.probe);
  view.setUint32(16, echo.attempt);
}

/** The Internet checksum (RFC 1071) over an echo packet. */
function checksum(view: DataView): number {
  let sum = 0;
  for (let at = 0; at < ECHO_LENGTH; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export interface Answer {
  readonly probe: number;
  readonly attempt: number;
  /** Why a router or the target refused the packet; absent for a reply. */
  readonly refusal?: string;
}

/** Reads an IPv4 packet; undefined when it does not answer an echo of this run. */
export function readAnswer(view: DataView, length: number, run: number): Answer | undefined {
  const outer = 4 * (view.getUint8(0) & 15);
  if (length < outer + ICMP_HEADER) return undefined;
  const type = view.getUint8(outer);
  if (type === ECHO_REPLY) return readPayload(view, outer + ICMP_HEADER, length, run);
  // A refusal quotes our packet: its IP header, ICMP header and as much payload as fits.
  const quoted = outer + ICMP_HEADER;
  if (length < quoted + 20) return undefined;
  const echo = quoted + 4 * (view.getUint8(quoted) & 15);
  const ours = readPayload(view, echo + ICMP_HEADER, length, run);
  return ours && { ...ours, refusal: refusal(type, view.getUint8(outer + 1)) };
}

/** Undefined when it is not of this run. */
export function readPayload(view: DataView, at: number, length: number, run: number): Answer | undefined {
  if (length < at + PAYLOAD || view.getUint32(at) !== run) return undefined;
  return { probe: view.getUint32(at + 4), attempt: view.getUint32(at + 8) };
}

function refusal(type: number, code: number): string {
  if (type === TIME_EXCEEDED) return "time to live exceeded: a routing loop?";
  const words = ["network", "host"][code] ?? ([9, 10, 13].includes(code) ? "administratively prohibited," : "destination");
  return `${words} unreachable (ICMP code ${code})`;
}
