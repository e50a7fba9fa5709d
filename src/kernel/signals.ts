/** In the order of their numbers, from 1 (include/uapi/asm-generic/signal.h; x86-64 and arm64 have these). */
const names =
  "SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT " +
  "SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS";

export const SIGPIPE = 13;
export const SIGXFSZ = 25;

/** `SIGKILL` for 9; `undefined` for what is no signal, or one of those for a program's own use. */
export const signalName = (number: number): NodeJS.Signals | undefined => names.split(" ")[number - 1] as NodeJS.Signals | undefined;
