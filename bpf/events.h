/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The wire contract of the kernel observer: what the BPF programs write into the ring buffer, what
 * the addon checks when it loads them, and what `scripts/gen-events.ts` reads to make the offsets
 * of the TypeScript decoder. Fixed-width fields, no implicit padding, little endian.
 *
 * Change it only by adding: a new enum value at the end, a new field in place of a reserved one.
 * Everything else needs a new MO_LAYOUT_VERSION. The generator reads a strict subset of C: one
 * member a line, types __u8 __u16 __u32 __s32 __u64 and char, one array dimension.
 */
#ifndef MO_EVENTS_H
#define MO_EVENTS_H

#include <linux/types.h>

#ifdef __cplusplus
#define MO_ASSERT(condition, text) static_assert(condition, text)
#else
#define MO_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#define MO_LAYOUT_VERSION 1

/* Append-only. The values are those of KernelEventKind in src/record/kernel-event.ts. */
enum mo_event_type {
	MO_EXEC = 1,
	MO_FORK = 2,
	MO_EXIT = 3,
	MO_CONNECT = 4,
	MO_CONNECT_DONE = 5,
	MO_BIND = 6,
	MO_SEND = 7,
	MO_OPEN = 8,
	MO_WRITE = 9,
	MO_UNLINK = 10,
	MO_RENAME = 11,
	MO_MKDIR = 12,
	MO_CHMOD = 13,
	MO_CHOWN = 14,
};
#define MO_EVENT_TYPE_MAX 14

/* Bits of mo_event.marks. */
enum mo_mark {
	MO_PATH_KNOWN = 1, /* no path: an earlier event with this object_id told it */
	MO_ARGV_CUT = 2,   /* argv was longer than MO_ARGV_MAX */
	MO_PATH_CUT = 4,   /* a path was deeper than the walk goes and lacks its front */
	MO_TEXT_FAULT = 8, /* text in the process's memory could not be read and is missing */
};

/*
 * One event; `text_length[i]` bytes of each text follow it, in the order of the array:
 *   [0] name   the path as the process wrote it, or argv (NUL-separated), or a sockaddr
 *   [1] base   where [0] starts if it is relative, or the whole path: names from leaf to root, each
 *              with its NUL
 *   [2] name   and
 *   [3] base   the same for the second path (rename)
 */
struct mo_event {
	__u32 type;     /* enum mo_event_type */
	__u32 size;     /* of the event with its texts */
	__u64 ktime_ns; /* CLOCK_MONOTONIC */
	__u32 pid;
	__u32 tid;
	__u32 ppid;
	__u32 uid;
	__u32 tree_id;
	__u32 marks;     /* enum mo_mark */
	__s32 result;    /* as KernelEvent.result */
	__u32 flags;     /* as KernelEvent.flags */
	__u64 object_id; /* as KernelEvent.objectId */
	__u64 bytes;     /* as KernelEvent.bytes */
	char comm[16];
	__u16 text_length[4];
};
MO_ASSERT(sizeof(struct mo_event) == 88, "mo_event has no padding");

/* Bounds of the texts, in bytes. */
#define MO_ARGV_MAX 4096
#define MO_PATH_MAX 4096
#define MO_ADDRESS_MAX 128
/* A bound for all texts of one event: two names and two bases. */
#define MO_TEXT_MAX 16384

/* Counters, one element a CPU, read by the addon through shared memory. */
struct mo_cpu_counters {
	__u64 lost_events;     /* the ring buffer was full */
	__u64 last_lost_ns;    /* when that happened last, CLOCK_MONOTONIC */
	__u64 read_faults;     /* memory that could not be read, so that a text is missing */
	__u64 compat_syscalls; /* 32-bit system calls of tracked processes: not observed */
	__u64 untracked_forks; /* children that did not fit into the table of tracked processes */
	__u64 io_uring_setups; /* rings of tracked processes: what goes through them is not observed */
	__u64 reserved[2];     /* up to a cache line, so that CPUs don't share one */
};
MO_ASSERT(sizeof(struct mo_cpu_counters) == 64, "mo_cpu_counters is one cache line");

/*
 * What the BPF object, the addon and the decoder must agree on. Each carries this list, compiled or
 * generated from this file; a difference means different builds.
 */
struct mo_layout {
	__u32 version;
	__u32 event_size;
	__u32 ktime_offset;
	__u32 object_offset;
	__u32 comm_offset;
	__u32 text_length_offset;
	__u32 counters_size;
	__u32 type_max;
};
MO_ASSERT(sizeof(struct mo_layout) == 32, "mo_layout has no padding");

#define MO_LAYOUT                                                                                  \
	{                                                                                          \
		MO_LAYOUT_VERSION,                                                                 \
		sizeof(struct mo_event),                                                           \
		__builtin_offsetof(struct mo_event, ktime_ns),                                     \
		__builtin_offsetof(struct mo_event, object_id),                                    \
		__builtin_offsetof(struct mo_event, comm),                                         \
		__builtin_offsetof(struct mo_event, text_length),                                  \
		sizeof(struct mo_cpu_counters),                                                    \
		MO_EVENT_TYPE_MAX,                                                                 \
	}

#endif
