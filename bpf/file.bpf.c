/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Files: what was opened, written, removed, renamed and changed. Each program handles the end of
 * one shape of system call and runs only for tracked processes (see on_sys_exit).
 *
 * Names are read from the process's memory after the call, so a process can show us another name
 * than the kernel saw. What was opened successfully is read from the kernel's own objects.
 */
#include "maps.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFCHR 0020000

#define O_ACCMODE 00000003
#define O_WRONLY 00000001
#define O_CREAT 00000100
#define O_TRUNC 00001000
#define O_PATH 010000000

#define AT_FDCWD -100
#define AT_REMOVEDIR 0x200

#define ENOENT 2

#define PROC_SUPER_MAGIC 0x9fa0
#define SYSFS_MAGIC 0x62656572
#define CGROUP2_SUPER_MAGIC 0x63677270

#define MEM_MAJOR 1
#define TTYAUX_MAJOR 5
#define UNIX98_PTY_SLAVE_MAJOR 136
#define UNIX98_PTY_SLAVE_LAST_MAJOR 143

/*
 * Open file descriptions whose path user space has been told, so that a bulk write carries none.
 * The address of a struct file is reused, hence the check of the inode behind it.
 */
struct mo_told {
	u64 inode;
	u64 inode_number;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, u64);
	__type(value, struct mo_told);
} mo_told_files SEC(".maps");

static __always_inline u64 object_id_of(struct file *file)
{
	return (u64)file & 0xffffffffffff;
}

static __always_inline void remember_told(struct file *file)
{
	u64 key = (u64)file;
	struct mo_told told = {};
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	told.inode = (u64)inode;
	told.inode_number = BPF_CORE_READ(inode, i_ino);
	bpf_map_update_elem(&mo_told_files, &key, &told, BPF_ANY);
}

static __always_inline u32 append_walk(struct mo_scratch *scratch, u32 text, u32 offset, struct vfsmount *mount,
				       struct dentry *dentry)
{
	u32 end = walk_path(MO_SLOT_SYSCALL, offset, (u64)mount, (u64)dentry);

	if (end & MO_WALK_CUT)
		scratch->event.marks |= MO_PATH_CUT;
	end &= ~MO_WALK_CUT;
	scratch->event.text_length[text] = end - offset;
	return end;
}

static __always_inline u32 append_file_path(struct mo_scratch *scratch, u32 offset, struct file *file)
{
	return append_walk(scratch, 1, offset, BPF_CORE_READ(file, f_path.mnt), BPF_CORE_READ(file, f_path.dentry));
}

/* Appends the name at `address` and the directory from which it counts, as texts `text`, `text + 1`. */
static __always_inline u32 append_name(struct mo_scratch *scratch, u32 text, u32 offset, s32 directory_fd,
				       u64 address)
{
	struct task_struct *task = current_task();
	u8 *name = scratch->text + text_offset(offset);
	long length = bpf_probe_read_user_str(name, MO_PATH_MAX, (void *)address);

	if (length <= 0) {
		scratch->event.marks |= MO_TEXT_FAULT;
		count(read_faults);
		return offset;
	}
	offset += length - 1;
	scratch->event.text_length[text] = length - 1;

	if (name[0] == '/') /* from the process's root, which is not ours after a chroot */
		return append_walk(scratch, text + 1, offset, BPF_CORE_READ(task, fs, root.mnt),
				   BPF_CORE_READ(task, fs, root.dentry));
	if (directory_fd == AT_FDCWD)
		return append_walk(scratch, text + 1, offset, BPF_CORE_READ(task, fs, pwd.mnt),
				   BPF_CORE_READ(task, fs, pwd.dentry));
	struct file *directory = file_of(task, directory_fd);
	if (!directory) { /* EBADF: there is nothing before the name */
		scratch->event.marks |= MO_PATH_CUT;
		return offset;
	}
	return append_walk(scratch, text + 1, offset, BPF_CORE_READ(directory, f_path.mnt),
			   BPF_CORE_READ(directory, f_path.dentry));
}

/* Terminals, /dev/null and their like: opened and written by everything, changed by nothing. */
static __always_inline bool is_stdio_device(struct inode *inode)
{
	u32 device = BPF_CORE_READ(inode, i_rdev);
	u32 major = device >> 20;
	u32 minor = device & 0xfffff;

	if (major == MEM_MAJOR) /* null, zero, full, random, urandom; not mem, port, kmsg */
		return minor == 3 || minor == 5 || (minor >= 7 && minor <= 9);
	return major == TTYAUX_MAJOR || (major >= UNIX98_PTY_SLAVE_MAJOR && major <= UNIX98_PTY_SLAVE_LAST_MAJOR);
}

static __always_inline bool is_worth_telling(struct file *file, bool read_only)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	u32 format = BPF_CORE_READ(inode, i_mode) & S_IFMT;

	if (format == S_IFCHR && is_stdio_device(inode))
		return false;
	if (!read_only)
		return true;
	if (format != S_IFREG)
		return false;
	u64 magic = BPF_CORE_READ(inode, i_sb, s_magic);
	return magic != PROC_SUPER_MAGIC && magic != SYSFS_MAGIC && magic != CGROUP2_SUPER_MAGIC;
}

static __always_inline int report_open(u64 *ctx, s32 directory_fd, u64 name, u32 flags)
{
	s32 result = result_of(ctx);
	bool read_only = !(flags & (O_ACCMODE | O_CREAT | O_TRUNC));
	struct task_struct *task = current_task();
	struct file *file = NULL;

	if (flags & O_PATH)
		return 0;
	if (result >= 0) {
		file = file_of(task, result);
		if (!file || !is_worth_telling(file, read_only))
			return 0;
	} else if (read_only && result == -ENOENT) { /* a search along a path of folders */
		return 0;
	}

	struct mo_scratch *scratch = begin_event(ctx, MO_OPEN, task);
	if (!scratch)
		return 0;
	scratch->event.flags = flags;
	if (!file) {
		output_event(scratch, append_name(scratch, 0, 0, directory_fd, name));
		return 0;
	}
	scratch->event.object_id = object_id_of(file);
	bool told = output_event(scratch, append_file_path(scratch, 0, file));
	if (told && flags & O_ACCMODE) /* only what can be written is asked for again */
		remember_told(file);
	return 0;
}

SEC("tp_btf/sys_exit")
int on_open(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return report_open(ctx, AT_FDCWD, syscall_arg0(regs), syscall_arg1(regs));
}

SEC("tp_btf/sys_exit")
int on_creat(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return report_open(ctx, AT_FDCWD, syscall_arg0(regs), O_CREAT | O_WRONLY | O_TRUNC);
}

SEC("tp_btf/sys_exit")
int on_openat(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return report_open(ctx, syscall_arg0(regs), syscall_arg1(regs), syscall_arg2(regs));
}

SEC("tp_btf/sys_exit")
int on_openat2(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	u64 flags = 0;

	bpf_probe_read_user(&flags, sizeof(flags), (void *)syscall_arg2(regs));
	return report_open(ctx, syscall_arg0(regs), syscall_arg1(regs), flags);
}

/* The commonest event: a write to a file whose path is known costs one reservation and no walk. */
static __always_inline int report_write(u64 *ctx, u32 fd, u64 wanted)
{
	struct task_struct *task = current_task();
	struct file *file = file_of(task, fd);

	if (!file)
		return 0;

	u64 key = (u64)file;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct mo_told *told = bpf_map_lookup_elem(&mo_told_files, &key);
	s32 result = result_of(ctx);
	u64 bytes = result >= 0 ? (u32)result : wanted;

	if (told && told->inode == (u64)inode && told->inode_number == BPF_CORE_READ(inode, i_ino)) {
		u32 *tree_id = syscall_tree();
		if (!tree_id)
			return 0;
		struct mo_event *event = reserve_event();
		if (!event)
			return 0;
		fill_event(event, MO_WRITE, *tree_id, task);
		event->marks = MO_PATH_KNOWN;
		event->result = result;
		event->object_id = object_id_of(file);
		event->bytes = bytes;
		submit_event(event);
		return 0;
	}

	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG)
		return 0;
	struct mo_scratch *scratch = begin_event(ctx, MO_WRITE, task);
	if (!scratch)
		return 0;
	scratch->event.object_id = object_id_of(file);
	scratch->event.bytes = bytes;
	if (output_event(scratch, append_file_path(scratch, 0, file)))
		remember_told(file);
	return 0;
}

SEC("tp_btf/sys_exit")
int on_write(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return report_write(ctx, syscall_arg0(regs), syscall_arg2(regs));
}

SEC("tp_btf/sys_exit")
int on_writev(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	u64 wanted = 0;

	if ((s64)ctx[1] < 0)
		wanted = user_iov_bytes(syscall_arg1(regs), syscall_arg2(regs));
	return report_write(ctx, syscall_arg0(regs), wanted);
}

SEC("tp_btf/sys_exit")
int on_sendfile(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return report_write(ctx, syscall_arg0(regs), syscall_arg3(regs));
}

SEC("tp_btf/sys_exit")
int on_splice(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return report_write(ctx, syscall_arg2(regs), syscall_arg4(regs));
}

/* A change of length is a write that moves no bytes. */
SEC("tp_btf/sys_exit")
int on_ftruncate(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];

	return report_write(ctx, syscall_arg0(regs), 0);
}

static __always_inline int report_name(u64 *ctx, u32 type, s32 directory_fd, u64 name, u32 flags)
{
	struct mo_scratch *scratch = begin_event(ctx, type, current_task());

	if (!scratch)
		return 0;
	scratch->event.flags = flags;
	output_event(scratch, append_name(scratch, 0, 0, directory_fd, name));
	return 0;
}

static __always_inline int report_fd(u64 *ctx, u32 type, u32 fd, u32 flags)
{
	struct task_struct *task = current_task();
	struct file *file = file_of(task, fd);
	struct mo_scratch *scratch = begin_event(ctx, type, task);

	if (!file || !scratch)
		return 0;
	scratch->event.flags = flags;
	output_event(scratch, append_file_path(scratch, 0, file));
	return 0;
}

static __always_inline int report_rename(u64 *ctx, s32 old_fd, u64 old_name, s32 new_fd, u64 new_name)
{
	struct mo_scratch *scratch = begin_event(ctx, MO_RENAME, current_task());

	if (!scratch)
		return 0;
	u32 offset = append_name(scratch, 0, 0, old_fd, old_name);
	output_event(scratch, append_name(scratch, 2, offset, new_fd, new_name));
	return 0;
}

#define PATH_SYSCALL(program, ...)                                                                 \
	SEC("tp_btf/sys_exit")                                                                     \
	int program(u64 *ctx)                                                                      \
	{                                                                                          \
		struct pt_regs *regs = (void *)ctx[0];                                             \
		return __VA_ARGS__;                                                                \
	}

#define arg0 syscall_arg0(regs)
#define arg1 syscall_arg1(regs)
#define arg2 syscall_arg2(regs)
#define arg3 syscall_arg3(regs)

PATH_SYSCALL(on_truncate, report_name(ctx, MO_WRITE, AT_FDCWD, arg0, 0))
PATH_SYSCALL(on_unlink, report_name(ctx, MO_UNLINK, AT_FDCWD, arg0, 0))
PATH_SYSCALL(on_rmdir, report_name(ctx, MO_UNLINK, AT_FDCWD, arg0, AT_REMOVEDIR))
PATH_SYSCALL(on_unlinkat, report_name(ctx, MO_UNLINK, arg0, arg1, arg2))
PATH_SYSCALL(on_mkdir, report_name(ctx, MO_MKDIR, AT_FDCWD, arg0, arg1))
PATH_SYSCALL(on_mkdirat, report_name(ctx, MO_MKDIR, arg0, arg1, arg2))
PATH_SYSCALL(on_rename, report_rename(ctx, AT_FDCWD, arg0, AT_FDCWD, arg1))
PATH_SYSCALL(on_renameat, report_rename(ctx, arg0, arg1, arg2, arg3))
PATH_SYSCALL(on_chmod, report_name(ctx, MO_CHMOD, AT_FDCWD, arg0, arg1))
PATH_SYSCALL(on_fchmod, report_fd(ctx, MO_CHMOD, arg0, arg1))
PATH_SYSCALL(on_fchmodat, report_name(ctx, MO_CHMOD, arg0, arg1, arg2))
PATH_SYSCALL(on_chown, report_name(ctx, MO_CHOWN, AT_FDCWD, arg0, 0))
PATH_SYSCALL(on_fchown, report_fd(ctx, MO_CHOWN, arg0, 0))
PATH_SYSCALL(on_fchownat, report_name(ctx, MO_CHOWN, arg0, arg1, 0))
