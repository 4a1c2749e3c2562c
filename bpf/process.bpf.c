/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Life of processes, the entry of every system call's end, and the path walk. tp_btf programs only:
 * they need no function-level tracing, cost least, and load from 5.10 on.
 */
#include "maps.bpf.h"
#include "syscalls.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile struct mo_layout mo_layout SEC(".rodata.layout") = MO_LAYOUT;

/* Bit n: system call n is wanted. User space sets it from syscalls.h before loading. */
const volatile u64 mo_wanted[MO_SYSCALL_LIMIT / 64] SEC(".rodata.wanted") = {};

/* System call number → handler; user space fills it from syscalls.h after loading. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, MO_SYSCALL_LIMIT);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} mo_handlers SEC(".maps");

#define SIGNAL_GROUP_EXIT 0x4
#define MO_WALK_STEPS 64
#define MO_NAME_MAX 256

enum { MO_STEP_ON, MO_STEP_DONE, MO_STEP_CUT };

/* Appends one name and goes one directory up, or from a mount's root to where it is mounted. */
__noinline int walk_step(u32 slot)
{
	struct mo_scratch *scratch = scratch_at(slot);

	if (!scratch)
		return MO_STEP_CUT;
	struct mo_walk *walk = &scratch->walk;
	struct mount *mount = (void *)walk->mount;
	struct dentry *dentry = (void *)walk->dentry;
	struct dentry *root = BPF_CORE_READ(mount, mnt.mnt_root);

	if (dentry == root) {
		struct mount *outer = BPF_CORE_READ(mount, mnt_parent);

		if (!outer || outer == mount)
			return MO_STEP_DONE;
		walk->dentry = (u64)BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mount = (u64)outer;
		return MO_STEP_ON;
	}

	if (walk->end - walk->start > MO_PATH_MAX - MO_NAME_MAX)
		return MO_STEP_CUT;
	long length = bpf_probe_read_kernel_str(scratch->text + text_offset(walk->end), MO_NAME_MAX,
						BPF_CORE_READ(dentry, d_name.name));
	if (length < 0)
		return MO_STEP_CUT;
	walk->end += length;
	struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
	/* Its own parent and no mount's root: a file without a directory, as memfd. */
	if (dentry == parent)
		return MO_STEP_DONE;
	walk->dentry = (u64)parent;
	return MO_STEP_ON;
}

__noinline int walk_path(u32 slot, u32 offset, u64 mount_address, u64 dentry_address)
{
	struct mo_scratch *scratch = scratch_at(slot);
	int step = MO_STEP_ON;

	if (!scratch)
		return offset;
	scratch->walk.mount = mount_address - bpf_core_field_offset(struct mount, mnt);
	scratch->walk.dentry = dentry_address;
	scratch->walk.start = offset;
	scratch->walk.end = offset;
	for (int i = 0; i < MO_WALK_STEPS && step == MO_STEP_ON; i++)
		step = walk_step(slot);
	return scratch->walk.end | (step == MO_STEP_DONE ? 0 : MO_WALK_CUT);
}

SEC("tp_btf/sched_process_fork")
int on_fork(u64 *ctx)
{
	struct task_struct *parent = (void *)ctx[0];
	struct task_struct *child = (void *)ctx[1];
	u32 parent_tid = parent->pid;
	u32 parent_pid = parent->tgid;
	u32 child_pid = child->tgid;

	if (parent_pid == child_pid) /* a thread */
		return 0;

	u32 *found = bpf_map_lookup_elem(&mo_spawners, &parent_tid);
	if (!found)
		found = bpf_map_lookup_elem(&mo_tracked, &parent_pid);
	if (!found)
		return 0;

	u32 tree_id = *found;
	if (bpf_map_update_elem(&mo_tracked, &child_pid, &tree_id, BPF_ANY))
		count(untracked_forks);

	struct mo_event *event = reserve_event();
	if (!event)
		return 0;
	fill_event(event, MO_FORK, tree_id, current_task());
	event->result = child_pid;
	submit_event(event);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int on_exec(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	struct linux_binprm *binary = (void *)ctx[2];
	u32 pid = task->tgid;
	u32 *tree_id = bpf_map_lookup_elem(&mo_tracked, &pid);

	if (!tree_id)
		return 0;

	struct mo_scratch *scratch = scratch_at(MO_SLOT_EXEC);
	if (!scratch)
		return 0;
	struct mo_event *event = &scratch->event;
	fill_event(event, MO_EXEC, *tree_id, current_task());

	u64 arguments = BPF_CORE_READ(task, mm, arg_start);
	u64 length = BPF_CORE_READ(task, mm, arg_end) - arguments;
	if (length > MO_ARGV_MAX) {
		event->marks |= MO_ARGV_CUT;
		length = MO_ARGV_MAX;
	}
	opaque(length);
	if (length > MO_ARGV_MAX)
		length = MO_ARGV_MAX;
	if (length && bpf_probe_read_user(scratch->text, length, (void *)arguments)) {
		event->marks |= MO_TEXT_FAULT;
		count(read_faults);
		length = 0;
	}
	event->text_length[0] = length;

	struct file *file = binary->file;
	u32 end = walk_path(MO_SLOT_EXEC, length, (u64)BPF_CORE_READ(file, f_path.mnt),
			    (u64)BPF_CORE_READ(file, f_path.dentry));
	if (end & MO_WALK_CUT)
		event->marks |= MO_PATH_CUT;
	end &= ~MO_WALK_CUT;
	event->text_length[1] = end - length;
	output_event(scratch, end);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int on_exit(u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	u32 pid = task->tgid;
	u32 *found = bpf_map_lookup_elem(&mo_tracked, &pid);

	if (!found)
		return 0;
	u32 tree_id = *found;
	struct signal_struct *signal = task->signal;
	if (BPF_CORE_READ(signal, live.counter) > 0)
		return 0;
	/* Two last threads that end together both see no thread alive; one of them gets the entry. */
	if (bpf_map_delete_elem(&mo_tracked, &pid))
		return 0;

	struct mo_event *event = reserve_event();
	if (!event)
		return 0;
	fill_event(event, MO_EXIT, tree_id, current_task());
	if (BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT)
		event->result = BPF_CORE_READ(signal, group_exit_code);
	else
		event->result = BPF_CORE_READ(task, group_leader, exit_code);
	submit_event(event);
	return 0;
}

/*
 * Runs at the end of every system call of the machine while anything is tracked, so the cheapest
 * test comes first. One program a family: a single program with all of them is more than the
 * verifier looks at.
 */
SEC("tp_btf/sys_exit")
int on_sys_exit(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	u64 number = syscall_number(regs);

	opaque(number);
	if (number >= MO_SYSCALL_LIMIT)
		return 0;
	if (!(mo_wanted[number / 64] & (1ull << (number % 64))))
		return 0;

	struct task_struct *task = current_task();
	u32 pid = pid_of(task);
	u32 *tree_id = bpf_map_lookup_elem(&mo_tracked, &pid);
	if (!tree_id)
		return 0;
	if (in_compat_syscall(task)) {
		count(compat_syscalls);
		return 0;
	}
	u32 *handed = syscall_tree();
	if (handed)
		*handed = *tree_id;
	bpf_tail_call(ctx, &mo_handlers, number);
	return 0;
}

/* What a process does through io_uring makes no system call of its own: only its presence is seen. */
SEC("tp_btf/sys_exit")
int on_io_uring_setup(u64 *ctx)
{
	if ((s64)ctx[1] >= 0)
		count(io_uring_setups);
	return 0;
}
