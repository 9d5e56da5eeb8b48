"""The system calls that confined code may make, with their numbers on x86_64 and aarch64 (from the kernel's unistd.h; `-`: not there).

A list of what is allowed, not of what is not: the calls of tomorrow are refused before anyone has heard of them.
"""

from __future__ import annotations

MACHINES = {"x86_64": 0, "aarch64": 1}
"""Column of the table, by the machine's name."""

ALLOWED = """
# Descriptors and pipes.
read 0 63  write 1 64  readv 19 65  writev 20 66  pread64 17 67  pwrite64 18 68  preadv 295 69  pwritev 296 70  preadv2 327 286
pwritev2 328 287  lseek 8 62  close 3 57  close_range 436 436  dup 32 23  dup2 33 -  dup3 292 24  pipe 22 -  pipe2 293 59  poll 7 -
ppoll 271 73  select 23 -  pselect6 270 72  epoll_create 213 -  epoll_create1 291 20  epoll_ctl 233 21  epoll_wait 232 -
epoll_pwait 281 22  epoll_pwait2 441 441  eventfd 284 -  eventfd2 290 19  timerfd_create 283 85  timerfd_settime 286 86
timerfd_gettime 287 87  signalfd 282 -  signalfd4 289 74
# Names and sizes of files; what they hold is Landlock's.
stat 4 -  fstat 5 80  lstat 6 -  newfstatat 262 79  statx 332 291  access 21 -  faccessat 269 48  faccessat2 439 439  getcwd 79 17
getdents64 217 61  fadvise64 221 223
# Memory.
mmap 9 222  munmap 11 215  mremap 25 216  mprotect 10 226  madvise 28 233  brk 12 214  msync 26 227  get_mempolicy 239 236
membarrier 324 283
# Threads.
futex_waitv 449 449  set_robust_list 273 99  set_tid_address 218 96  rseq 334 293  sched_yield 24 124  getcpu 309 168
# Its own signals and clocks.
rt_sigaction 13 134  rt_sigprocmask 14 135  rt_sigreturn 15 139  rt_sigpending 127 136  rt_sigsuspend 130 133
rt_sigtimedwait 128 137  sigaltstack 131 132  pause 34 -  restart_syscall 219 128  alarm 37 -  getitimer 36 102  setitimer 38 103
timer_settime 223 110  timer_gettime 224 108  timer_getoverrun 225 109  timer_delete 226 111  nanosleep 35 101
gettimeofday 96 169  time 201 -  times 100 153
getrusage 98 165
# What it is.
getpid 39 172  gettid 186 178  getppid 110 173  getpgrp 111 -  getuid 102 174  geteuid 107 175  getgid 104 176  getegid 108 177
getresuid 118 148  getresgid 120 150  getgroups 115 158  getrlimit 97 163  setrlimit 160 164  uname 63 160  sysinfo 99 179
getrandom 318 278  wait4 61 260  waitid 247 95  exit 60 93  exit_group 231 94
# Sockets that it has: none but a pair of its own.
recvfrom 45 207  shutdown 48 210  getsockname 51 204  getpeername 52 205  getsockopt 55 209
"""
"""Calls that are allowed whatever their arguments are. None of them names a file to open, another process, or an address."""

WITH_ARGUMENTS = """
open 2 -  openat 257 56  fcntl 72 25  ioctl 16 29  clone 56 220  clone3 435 435  kill 62 129  tgkill 234 131  prlimit64 302 261
sched_getaffinity 204 123  sched_setaffinity 203 122  sched_getparam 143 121  sched_getscheduler 145 120  getpgid 121 155  getsid 124 156
socketpair 53 199  sendto 44 206  recvmsg 47 212  prctl 157 167
futex 202 98  clock_gettime 228 113  clock_getres 229 114  clock_nanosleep 230 115  timer_create 222 107
"""
"""Calls that are allowed with some arguments only (`seccomp.py` says which)."""

FIRST_NEW = 424
"""From here on the numbers are the same everywhere, and programs expect to be told that a call is not there (ENOSYS), not that it is
refused: they then take an older one."""


def numbers(table: str, machine: str) -> dict[str, int]:
    """Return the numbers of a table's calls on a machine, those left out that it does not have."""
    column = MACHINES[machine]
    words = " ".join(line for line in table.splitlines() if not line.startswith("#")).split()
    found = zip(words[0::3], words[1 + column :: 3], strict=True)
    return {name: int(number) for name, number in found if number != "-"}
