/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The parts of the kernel's types that the programs read, and the differences between kernels.
 * preserve_access_index makes libbpf look up each member's offset in the running kernel's BTF, so
 * the members' order here means nothing and types of the build host are never used.
 */
#ifndef MO_COMPAT_BPF_H
#define MO_COMPAT_BPF_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

/*
 * Hides from the compiler what it knows about a value, so that it can't turn a bound check into a
 * form that the verifier does not understand.
 */
#define opaque(value) asm volatile("" : "+r"(value))

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
	unsigned long r10, r9, r8, dx, si, di, orig_ax;
};

typedef struct {
	int counter;
} atomic_t;

struct thread_info {
	u32 status;
};

struct qstr {
	u32 len;
	const unsigned char *name;
};

struct super_block {
	u32 s_dev;
	unsigned long s_magic;
};

struct inode {
	u16 i_mode;
	u32 i_rdev;
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root, pwd;
};

struct mm_struct {
	unsigned long arg_start, arg_end;
};

struct cred {
	struct {
		u32 val;
	} uid;
};

struct signal_struct {
	atomic_t live;
	unsigned int flags;
	int group_exit_code;
};

struct task_struct {
	struct thread_info thread_info;
	int pid, tgid;
	int exit_code;
	char comm[16];
	struct task_struct *group_leader, *real_parent;
	struct mm_struct *mm;
	struct files_struct *files;
	struct fs_struct *fs;
	struct signal_struct *signal;
	const struct cred *cred;
};

struct linux_binprm {
	struct file *file;
};

struct sock_common {
	u16 skc_family;
	u16 skc_dport;
	u32 skc_daddr;
	struct {
		u8 bytes[16];
	} skc_v6_daddr;
};

struct sock {
	struct sock_common __sk_common;
	struct socket *sk_socket;
	int sk_err;
};

struct socket {
	struct file *file;
	struct sock *sk;
	short type;
};

#pragma clang attribute pop

/* User-space structures of the system call interface (64-bit). */
struct user_iovec {
	u64 base;
	u64 length;
};

struct user_msghdr {
	u64 name;
	u32 name_length;
	u32 pad;
	u64 iov;
	u64 iov_length;
	u64 control;
	u64 control_length;
	u32 flags;
	u32 pad2;
};

struct user_mmsghdr {
	struct user_msghdr header;
	u32 sent_bytes;
	u32 pad;
};

#if defined(__TARGET_ARCH_x86)
/*
 * Arguments of the system call that is about to return. The tracepoint passes the registers as
 * user space set them, so the arguments are still there; the result has taken rax.
 */
#define syscall_number(regs) ((regs)->orig_ax)
#define syscall_arg0(regs) ((regs)->di)
#define syscall_arg1(regs) ((regs)->si)
#define syscall_arg2(regs) ((regs)->dx)
#define syscall_arg3(regs) ((regs)->r10)
#define syscall_arg4(regs) ((regs)->r8)
#define syscall_arg5(regs) ((regs)->r9)

/*
 * `int 0x80` and 32-bit programs come through the same tracepoint with numbers of another table.
 * TS_COMPAT in thread_info.status tells them apart (same bit on 4.11 … 7.x).
 */
#define COMPAT_SYSCALL_STATUS 0x2
#else
#error "no system call convention for this architecture yet"
#endif

/*
 * Since 5.11 the current task comes as a pointer that plain loads may follow, at a tenth of the cost
 * of a call that copies one member. On 5.10 the test is false and the verifier drops those branches.
 */
#define has_task_pointer() bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)

static __always_inline struct task_struct *current_task(void)
{
	if (has_task_pointer())
		return bpf_get_current_task_btf();
	return (void *)bpf_get_current_task();
}

/* The following take what current_task() returned. */

static __always_inline bool in_compat_syscall(struct task_struct *task)
{
	if (has_task_pointer())
		return task->thread_info.status & COMPAT_SYSCALL_STATUS;
	return BPF_CORE_READ(task, thread_info.status) & COMPAT_SYSCALL_STATUS;
}

static __always_inline u32 pid_of(struct task_struct *task)
{
	return has_task_pointer() ? task->tgid : (u32)(bpf_get_current_pid_tgid() >> 32);
}

static __always_inline u32 tid_of(struct task_struct *task)
{
	return has_task_pointer() ? task->pid : (u32)bpf_get_current_pid_tgid();
}

static __always_inline u32 ppid_of(struct task_struct *task)
{
	if (has_task_pointer())
		return task->real_parent->tgid;
	return BPF_CORE_READ(task, real_parent, tgid);
}

static __always_inline u32 uid_of(struct task_struct *task)
{
	return has_task_pointer() ? task->cred->uid.val : (u32)bpf_get_current_uid_gid();
}

/* Into 16 bytes. */
static __always_inline void read_comm(struct task_struct *task, char *comm)
{
	if (has_task_pointer()) {
		const u64 *words = (const void *)task->comm;
		((u64 *)comm)[0] = words[0];
		((u64 *)comm)[1] = words[1];
	} else {
		bpf_get_current_comm(comm, 16);
	}
}

/* The open file of a descriptor, or NULL. */
static __always_inline struct file *file_of(struct task_struct *task, u32 fd)
{
	struct file **array;
	struct file *file = NULL;
	u32 limit;

	if (has_task_pointer()) {
		struct fdtable *table = task->files->fdt;
		limit = table->max_fds;
		array = table->fd;
	} else {
		struct fdtable *table = BPF_CORE_READ(task, files, fdt);
		limit = BPF_CORE_READ(table, max_fds);
		array = BPF_CORE_READ(table, fd);
	}
	if (fd >= limit)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), array + fd);
	return file;
}

#endif
