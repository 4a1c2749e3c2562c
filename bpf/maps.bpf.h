/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Maps, and the few steps that every family of hooks shares. The maps are weak so that each object
 * file can carry the definition and the linker keeps one.
 */
#ifndef MO_MAPS_BPF_H
#define MO_MAPS_BPF_H

#include "compat.bpf.h"
#include "events.h"

#define MO_MAX_TRACKED 32768

/* Ring buffer of struct mo_event; user space sets its size before loading. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} mo_ring SEC(".maps") __weak;

/* Process (tgid) → tree id. Children are entered before they run, processes leave at their end. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MO_MAX_TRACKED);
	__type(key, u32);
	__type(value, u32);
} mo_tracked SEC(".maps") __weak;

/* Thread (tid) of user space that is just now starting the root of a tree → tree id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, u32);
	__type(value, u32);
} mo_spawners SEC(".maps") __weak;

/* Counters by CPU; user space sets the number of CPUs before loading and maps them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct mo_cpu_counters);
} mo_counters SEC(".maps") __weak;

/*
 * Where an event with texts is put together; too big for the BPF stack. Hooks that can interrupt
 * one another on a CPU must not share a slot: a system call's end and an exec can't, and the TCP
 * hook (softirq) uses none.
 */
enum mo_slot { MO_SLOT_SYSCALL, MO_SLOT_EXEC, MO_SLOTS };

/* Where a path walk is: kept outside its loop so that the verifier sees the loop's body once. */
struct mo_walk {
	u64 mount;
	u64 dentry;
	u32 start;
	u32 end;
};

struct mo_scratch {
	struct mo_walk walk;
	struct mo_event event; /* the texts follow it without a gap */
	/* Texts start below MO_TEXT_MAX and each is at most 4096 bytes long. */
	u8 text[MO_TEXT_MAX + 4096];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MO_SLOTS);
	__type(key, u32);
	__type(value, struct mo_scratch);
} mo_scratch SEC(".maps") __weak;

/*
 * Tree id of the process whose system call ends on this CPU: on_sys_exit has looked it up and hands
 * it to the handler. Nothing else runs hooks of system calls on the CPU in between.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} mo_syscall_tree SEC(".maps") __weak;

static __always_inline u32 *syscall_tree(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&mo_syscall_tree, &zero);
}

static __always_inline struct mo_cpu_counters *cpu_counters(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&mo_counters, &cpu);
}

/* Atomic adds: a softirq hook may interrupt a task's hook on the same CPU. */
#define count(field)                                                                               \
	do {                                                                                       \
		struct mo_cpu_counters *counters_ = cpu_counters();                                \
		if (counters_)                                                                     \
			__sync_fetch_and_add(&counters_->field, 1);                                \
	} while (0)

static __always_inline void count_lost(void)
{
	struct mo_cpu_counters *counters = cpu_counters();

	if (!counters)
		return;
	counters->last_lost_ns = bpf_ktime_get_ns();
	__sync_fetch_and_add(&counters->lost_events, 1);
}

/* Everything that does not depend on the kind; the fields of the kind are zero afterwards. */
static __always_inline void fill_event(struct mo_event *event, u32 type, u32 tree_id, struct task_struct *task)
{
	event->type = type;
	event->size = sizeof(*event);
	event->ktime_ns = bpf_ktime_get_ns();
	event->pid = pid_of(task);
	event->tid = tid_of(task);
	event->ppid = ppid_of(task);
	event->uid = uid_of(task);
	event->tree_id = tree_id;
	event->marks = 0;
	event->result = 0;
	event->flags = 0;
	event->object_id = 0;
	event->bytes = 0;
	read_comm(task, event->comm);
	*(u64 *)event->text_length = 0;
}

/* Space for an event without texts, put straight into the ring. */
static __always_inline struct mo_event *reserve_event(void)
{
	struct mo_event *event = bpf_ringbuf_reserve(&mo_ring, sizeof(struct mo_event), 0);

	if (!event)
		count_lost();
	return event;
}

/*
 * No event wakes user space: its drain thread looks every few milliseconds while something is
 * tracked. Waking at each event or at a fill mark costs the traced process more than the event.
 */
static __always_inline void submit_event(struct mo_event *event)
{
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static __always_inline struct mo_scratch *scratch_at(u32 slot)
{
	return bpf_map_lookup_elem(&mo_scratch, &slot);
}

/* Writes the event with `text_bytes` of texts; false if it was lost. */
static __always_inline bool output_event(struct mo_scratch *scratch, u32 text_bytes)
{
	u64 size = text_bytes;

	opaque(size);
	if (size > sizeof(scratch->text))
		size = sizeof(scratch->text);
	size += sizeof(struct mo_event);
	scratch->event.size = size;
	if (bpf_ringbuf_output(&mo_ring, &scratch->event, size, BPF_RB_NO_WAKEUP)) {
		count_lost();
		return false;
	}
	return true;
}

/* An offset into scratch->text that the verifier knows to be in bounds. */
static __always_inline u64 text_offset(u32 offset)
{
	u64 bounded = offset;

	opaque(bounded);
	return bounded & (MO_TEXT_MAX - 1);
}

/* Restart codes never reach user space: the call is repeated or reported as interrupted. */
static __always_inline s32 result_of(u64 *ctx)
{
	s64 result = ctx[1];

	return result <= -512 && result >= -516 ? -4 /* EINTR */ : result;
}

/* Starts an event in the system call slot. */
static __always_inline struct mo_scratch *begin_event(u64 *ctx, u32 type, struct task_struct *task)
{
	u32 *tree_id = syscall_tree();
	struct mo_scratch *scratch = scratch_at(MO_SLOT_SYSCALL);

	if (!tree_id || !scratch)
		return NULL;
	fill_event(&scratch->event, type, *tree_id, task);
	scratch->event.result = result_of(ctx);
	return scratch;
}

/* Bytes that a vector asks to move: its first elements, as no process fails with a thousand. */
#define MO_IOV_MAX 16
static __always_inline u64 user_iov_bytes(u64 address, u64 length)
{
	u64 bytes = 0;

	for (u32 i = 0; i < MO_IOV_MAX; i++) {
		struct user_iovec element = {};
		if (i >= length)
			break;
		if (bpf_probe_read_user(&element, sizeof(element), (void *)(address + i * sizeof(element))))
			break;
		bytes += element.length;
	}
	return bytes;
}

/*
 * Appends the names of a path from leaf to root; returns the new offset, with MO_WALK_CUT set if
 * the path goes on. A global function with scalar arguments: the verifier looks at it once and not
 * once a caller, which divides the load time by ten.
 */
#define MO_WALK_CUT (1u << 30)
int walk_path(u32 slot, u32 offset, u64 mount_address, u64 dentry_address);

#endif
