import { errno, processCalls, strerror } from "./libc.ts";

const O_CLOEXEC = 0o2000000;

/** Both ends of a new pipe, which this process has to close; programs it executes do not get them by themselves. */
export function makePipe(): { readonly read: number; readonly write: number } {
  const ends = new Int32Array(2);
  if (processCalls().pipe2(ends, O_CLOEXEC) !== 0) throw new Error(`the kernel gives no pipe: ${strerror(errno())}`);
  const [read = -1, write = -1] = ends;
  return { read, write };
}
