/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Which system calls are observed and by which program, for one architecture each. The loader makes
 * the bitmap of wanted calls and the table of handlers from it; the programs know no numbers.
 */
#ifndef MO_SYSCALLS_H
#define MO_SYSCALLS_H

#define MO_SYSCALL_LIMIT 512

#define MO_SYSCALLS_X86_64(X)                                                                      \
	X(1, on_write)                                                                             \
	X(2, on_open)                                                                              \
	X(18, on_write) /* pwrite64 */                                                             \
	X(20, on_writev)                                                                           \
	X(40, on_sendfile)                                                                         \
	X(42, on_connect)                                                                          \
	X(44, on_sendto)                                                                           \
	X(46, on_sendmsg)                                                                          \
	X(49, on_bind)                                                                             \
	X(76, on_truncate)                                                                         \
	X(77, on_ftruncate)                                                                        \
	X(82, on_rename)                                                                           \
	X(83, on_mkdir)                                                                            \
	X(84, on_rmdir)                                                                            \
	X(85, on_creat)                                                                            \
	X(87, on_unlink)                                                                           \
	X(90, on_chmod)                                                                            \
	X(91, on_fchmod)                                                                           \
	X(92, on_chown)                                                                            \
	X(93, on_fchown)                                                                           \
	X(94, on_chown) /* lchown */                                                               \
	X(257, on_openat)                                                                          \
	X(258, on_mkdirat)                                                                         \
	X(260, on_fchownat)                                                                        \
	X(263, on_unlinkat)                                                                        \
	X(264, on_renameat)                                                                        \
	X(268, on_fchmodat)                                                                        \
	X(275, on_splice)                                                                          \
	X(296, on_writev) /* pwritev */                                                            \
	X(307, on_sendmmsg)                                                                        \
	X(316, on_renameat) /* renameat2 */                                                        \
	X(326, on_splice) /* copy_file_range: the same places for the target and the length */    \
	X(328, on_writev) /* pwritev2 */                                                           \
	X(425, on_io_uring_setup)                                                                  \
	X(437, on_openat2)                                                                         \
	X(452, on_fchmodat) /* fchmodat2 */

#if defined(__x86_64__) || defined(__TARGET_ARCH_x86)
#define MO_SYSCALLS MO_SYSCALLS_X86_64
#endif

#endif
