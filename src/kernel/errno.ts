// Numbers of the kernel's errors and their names (include/uapi/asm-generic/errno.h and errno-base.h; x86-64 and arm64 have these).
// The runtime knows most of them too, but its module costs each command a third of a millisecond.

/** In the order of their numbers, from 1; a dash where a number has no name of its own. */
const names =
  "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL " +
  "ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM " +
  "ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET " +
  "ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX " +
  "ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP " +
  "EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN " +
  "ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT " +
  "ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON";

export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const ENOEXEC = 8;
/** Also called EWOULDBLOCK. */
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const ENAMETOOLONG = 36;
export const ENOTEMPTY = 39;
export const ELIBACC = 79;
export const ENOBUFS = 105;
export const ETIMEDOUT = 110;
export const ECONNREFUSED = 111;
export const EINPROGRESS = 115;
export const ESTALE = 116;
/** The kernel lets this internal number out for operations that a driver lacks; no header of the C library names it. */
export const ENOTSUPP = 524;

/** `EEXIST` for 17; `EUNKNOWN` for a number without a name. */
export function errnoCode(errno: number): string {
  if (errno === ENOTSUPP) return "ENOTSUPP";
  const name = names.split(" ")[errno - 1];
  return name === undefined || name === "-" ? "EUNKNOWN" : name;
}

/** 17 for `EEXIST`; `undefined` for what is no such name. */
export function errnoOf(code: string): number | undefined {
  if (code === "ENOTSUPP") return ENOTSUPP;
  const at = code === "-" ? -1 : names.split(" ").indexOf(code);
  return at < 0 ? undefined : at + 1;
}

/** All numbers that have a name. */
export const errnos = (): number[] => names.split(" ").flatMap((name, index) => (name === "-" ? [] : [index + 1]));
