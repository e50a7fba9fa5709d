// Files that are open in another process (pidfd_open(2), pidfd_getfd(2); Linux 5.6).
import { processFileCalls, socketCalls } from "./libc.ts";

// One number on all machines (include/uapi/asm-generic/unistd.h); older C libraries have no function for them.
const SYS_pidfd_open = 434;
const SYS_pidfd_getfd = 438;

/**
 * Copies of these descriptors of a process, open here and the caller's to close; close-on-exec. Undefined when it cannot be: there is no such
 * process or no such descriptor, the kernel is older, or we may not look into it as a debugger could (ptrace(2), Yama, seccomp).
 */
export function copyFilesOf(pid: number, fds: readonly number[]): number[] | undefined {
  const { syscall } = processFileCalls();
  const { close } = socketCalls();
  const process = syscall(SYS_pidfd_open, pid, 0, 0);
  if (process < 0) return undefined;
  const copies = fds.map((fd) => syscall(SYS_pidfd_getfd, process, fd, 0));
  close(process);
  if (!copies.some((copy) => copy < 0)) return copies;
  for (const copy of copies) if (copy >= 0) close(copy);
  return undefined;
}
