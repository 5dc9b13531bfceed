// System calls in which a program that has nothing to do is found asleep, by their numbers on the
// processors that Linux names them by. Source: Linux, arch/x86/entry/syscalls/syscall_64.tbl and
// include/uapi/asm-generic/unistd.h.

/**
 * How a call sleeps. `idle`: until something comes. `children`: until a child process does
 * something. `write`: until somebody reads. `sleep`: for a time. The others sleep for a time if
 * the argument at `timeout` says so: a count of milliseconds that is not −1, or a pointer to a
 * `timespec` or `timeval` that is not null.
 */
export type Sleep =
  | { readonly kind: 'idle' | 'children' | 'write' | 'sleep' }
  | { readonly kind: 'read' }
  | { readonly kind: 'millis'; readonly timeout: number }
  | { readonly kind: 'pointer'; readonly timeout: number }
  | { readonly kind: 'futex' };

const idle: Sleep = { kind: 'idle' };
const read: Sleep = { kind: 'read' };
const write: Sleep = { kind: 'write' };
const children: Sleep = { kind: 'children' };
const sleep: Sleep = { kind: 'sleep' };
const futex: Sleep = { kind: 'futex' };
const millis = (timeout: number): Sleep => ({ kind: 'millis', timeout });
const pointer = (timeout: number): Sleep => ({ kind: 'pointer', timeout });

const x64: ReadonlyMap<number, Sleep> = new Map([
  [0, read], // read
  [1, write], // write
  [7, millis(2)], // poll
  [19, read], // readv
  [20, write], // writev
  [23, pointer(4)], // select
  [34, idle], // pause
  [35, sleep], // nanosleep
  [61, children], // wait4
  [128, pointer(2)], // rt_sigtimedwait
  [130, idle], // rt_sigsuspend
  [202, futex],
  [219, sleep], // restart_syscall: a sleep that a signal interrupted
  [230, sleep], // clock_nanosleep
  [232, millis(3)], // epoll_wait
  [247, children], // waitid
  [270, pointer(4)], // pselect6
  [271, pointer(2)], // ppoll
  [281, millis(3)], // epoll_pwait
  [441, pointer(3)], // epoll_pwait2
  [449, pointer(3)], // futex_waitv
]);

const arm64: ReadonlyMap<number, Sleep> = new Map([
  [22, millis(3)], // epoll_pwait
  [63, read], // read
  [64, write], // write
  [65, read], // readv
  [66, write], // writev
  [72, pointer(4)], // pselect6
  [73, pointer(2)], // ppoll
  [95, children], // waitid
  [98, futex],
  [101, sleep], // nanosleep
  [115, sleep], // clock_nanosleep
  [128, sleep], // restart_syscall
  [133, idle], // rt_sigsuspend
  [137, pointer(2)], // rt_sigtimedwait
  [260, children], // wait4
  [441, pointer(3)], // epoll_pwait2
  [449, pointer(3)], // futex_waitv
]);

/** The calls of this processor; `undefined` where nobody has written them down. */
export function sleepsOf(architecture: string): ReadonlyMap<number, Sleep> | undefined {
  if (architecture === 'x64') return x64;
  return architecture === 'arm64' ? arm64 : undefined;
}
