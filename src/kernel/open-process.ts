// Another process, held by a descriptor: its number may become somebody else's, this does not (pidfd_open(2), pidfd_getfd(2); Linux 5.6).
import { closeSync } from "./files.ts";
import { processFileCalls } from "./libc.ts";

// One number on all machines (include/uapi/asm-generic/unistd.h); older C libraries have no function for them.
const SYS_pidfd_open = 434;
const SYS_pidfd_getfd = 438;

export interface OpenProcess extends Disposable {
  /**
   * Copies of these descriptors of it, open here and the caller's to close; close-on-exec. Undefined when it cannot be: the process has ended
   * or has no such descriptor, or we may not look into it as a debugger could (ptrace(2), Yama, seccomp). That copies were made says that
   * what was read in /proc under its number, since it was opened, was about this process.
   */
  copyFiles(fds: readonly number[]): number[] | undefined;
}

/** Undefined when there is no such process, or the kernel is older. */
export function openProcess(pid: number): OpenProcess | undefined {
  const { syscall } = processFileCalls();
  const process = syscall(SYS_pidfd_open, pid, 0, 0);
  if (process < 0) return undefined;
  return {
    copyFiles(fds) {
      const copies = fds.map((fd) => syscall(SYS_pidfd_getfd, process, fd, 0));
      if (!copies.some((copy) => copy < 0)) return copies;
      for (const copy of copies) if (copy >= 0) closeSync(copy);
      return undefined;
    },
    [Symbol.dispose]: () => closeSync(process),
  };
}
