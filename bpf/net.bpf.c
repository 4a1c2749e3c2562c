/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Sockets: connect, bind, datagrams with their own address, and how TCP connects end. Blind to what
 * io_uring does. Netlink is left out: asking the kernel for its interfaces is no effect.
 */
#include "maps.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define S_IFMT 0170000
#define S_IFSOCK 0140000

#define AF_UNSPEC 0
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16

#define SOCK_STREAM 1
#define MSG_FASTOPEN 0x20000000

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_CLOSE 7

#define ECONNABORTED 103
#define MO_MMSG_MAX 1024 /* the kernel takes no more in one call */

/* A TCP connect of a tracked process that has not ended, by struct sock. */
struct mo_connecting {
	u32 pid;
	u32 tid;
	u32 ppid;
	u32 uid;
	u32 tree_id;
	u32 reserved;
	u64 object_id;
	char comm[16];
};

/* LRU: a socket whose end no hook saw must not fill the table. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, struct mo_connecting);
} mo_connecting SEC(".maps");

struct socket_info {
	u64 object_id; /* the number of its inode: one socket, one number, while it is open */
	u16 family;
	u16 type;
};

static __always_inline bool socket_of(struct task_struct *task, u32 fd, struct socket_info *info)
{
	struct file *file = file_of(task, fd);

	if (!file)
		return false;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFSOCK)
		return false;
	struct socket *socket = BPF_CORE_READ(file, private_data);
	info->object_id = BPF_CORE_READ(inode, i_ino);
	info->family = BPF_CORE_READ(socket, sk, __sk_common.skc_family);
	info->type = BPF_CORE_READ(socket, type);
	return true;
}

/* Appends the sockaddr at `address` as the first text; returns the bytes of text. */
static __always_inline u32 append_address(struct mo_scratch *scratch, u64 address, u64 length)
{
	if (length > MO_ADDRESS_MAX)
		length = MO_ADDRESS_MAX;
	opaque(length);
	if (length > MO_ADDRESS_MAX)
		length = MO_ADDRESS_MAX;
	if (length < sizeof(u16) || bpf_probe_read_user(scratch->text, length, (void *)address)) {
		scratch->event.marks |= MO_TEXT_FAULT;
		count(read_faults);
		return 0;
	}
	scratch->event.text_length[0] = length;
	return length;
}

static __always_inline int report_address(u64 *ctx, u32 type)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct task_struct *task = current_task();
	struct socket_info info = {};

	if (!socket_of(task, syscall_arg0(regs), &info) || info.family == AF_NETLINK)
		return 0;
	struct mo_scratch *scratch = begin_event(ctx, type, task);
	if (!scratch)
		return 0;
	scratch->event.object_id = info.object_id;
	scratch->event.flags = info.type;
	u32 bytes = append_address(scratch, syscall_arg1(regs), (u32)syscall_arg2(regs));
	/* connect(AF_UNSPEC) undoes a connect. */
	if (type == MO_CONNECT && bytes && *(u16 *)scratch->text == AF_UNSPEC)
		return 0;
	output_event(scratch, bytes);
	return 0;
}

SEC("tp_btf/sys_exit")
int on_connect(u64 *ctx)
{
	return report_address(ctx, MO_CONNECT);
}

SEC("tp_btf/sys_exit")
int on_bind(u64 *ctx)
{
	return report_address(ctx, MO_BIND);
}

/* A stream has its peer already and ignores an address, but for TCP Fast Open. */
static __always_inline bool sends_to_address(struct task_struct *task, u32 fd, u64 address, u32 flags,
					     struct socket_info *info)
{
	if (!address || !socket_of(task, fd, info))
		return false;
	if (info->family != AF_INET && info->family != AF_INET6)
		return false;
	return info->type != SOCK_STREAM || flags & MSG_FASTOPEN;
}

static __always_inline void output_send(u64 *ctx, const struct socket_info *info, u64 address, u32 length, u64 bytes,
					s32 result)
{
	struct mo_scratch *scratch = begin_event(ctx, MO_SEND, current_task());

	if (!scratch)
		return;
	scratch->event.object_id = info->object_id;
	scratch->event.flags = info->type;
	scratch->event.bytes = bytes;
	scratch->event.result = result;
	output_event(scratch, append_address(scratch, address, length));
}

SEC("tp_btf/sys_exit")
int on_sendto(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct socket_info info = {};
	s32 result = result_of(ctx);

	if (!sends_to_address(current_task(), syscall_arg0(regs), syscall_arg4(regs), syscall_arg3(regs), &info))
		return 0;
	output_send(ctx, &info, syscall_arg4(regs), syscall_arg5(regs), result >= 0 ? (u32)result : syscall_arg2(regs),
		    result);
	return 0;
}

SEC("tp_btf/sys_exit")
int on_sendmsg(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct socket_info info = {};
	struct user_msghdr header = {};
	s32 result = result_of(ctx);

	if (bpf_probe_read_user(&header, sizeof(header), (void *)syscall_arg1(regs)))
		return 0;
	if (!sends_to_address(current_task(), syscall_arg0(regs), header.name, syscall_arg2(regs), &info))
		return 0;
	output_send(ctx, &info, header.name, header.name_length,
		    result >= 0 ? (u32)result : user_iov_bytes(header.iov, header.iov_length), result);
	return 0;
}

/*
 * One message of a sendmmsg. A global function, so that the verifier looks at it once and the loop
 * can cover as many messages as the kernel takes. `result` is 0 for a message that was sent.
 */
__noinline int report_message(u64 address, u64 object_id, u32 type, s32 result)
{
	struct user_mmsghdr message = {};
	u32 *tree_id = syscall_tree();
	struct mo_scratch *scratch = scratch_at(MO_SLOT_SYSCALL);

	if (!tree_id || !scratch)
		return 0;
	if (bpf_probe_read_user(&message, sizeof(message), (void *)address) || !message.header.name)
		return 0;
	fill_event(&scratch->event, MO_SEND, *tree_id, current_task());
	scratch->event.object_id = object_id;
	scratch->event.flags = type;
	if (result < 0) {
		scratch->event.result = result;
		scratch->event.bytes = user_iov_bytes(message.header.iov, message.header.iov_length);
	} else {
		scratch->event.result = message.sent_bytes;
		scratch->event.bytes = message.sent_bytes;
	}
	output_event(scratch, append_address(scratch, message.header.name, message.header.name_length));
	return 0;
}

SEC("tp_btf/sys_exit")
int on_sendmmsg(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct socket_info info = {};
	s32 result = result_of(ctx);
	u64 messages = syscall_arg1(regs);

	if (!sends_to_address(current_task(), syscall_arg0(regs), messages, syscall_arg3(regs), &info))
		return 0;
	if (result < 0) { /* the first message failed */
		report_message(messages, info.object_id, info.type, result);
		return 0;
	}
	for (s32 i = 0; i < MO_MMSG_MAX && i < result; i++)
		report_message(messages + i * sizeof(struct user_mmsghdr), info.object_id, info.type, 0);
	return 0;
}

/*
 * The address as a sockaddr, from the socket. The event is written into the ring in place: this runs
 * in softirq, on top of any other hook of the CPU, so it may not touch the scratch space.
 */
struct mo_connect_done {
	struct mo_event event;
	u16 family;
	u16 port;
	u32 ipv4_or_flow;
	u8 ipv6[16];
	u32 scope;
	u32 reserved;
};

static __always_inline void connect_started(struct sock *sk)
{
	struct task_struct *task = current_task();
	u32 pid = pid_of(task);
	u32 *tree_id = bpf_map_lookup_elem(&mo_tracked, &pid);

	if (!tree_id)
		return;
	/* No file: a socket inside the kernel, as the legs of an MPTCP connection. */
	struct file *file = BPF_CORE_READ(sk, sk_socket, file);
	if (!file)
		return;

	struct mo_connecting connecting = {};
	u64 key = (u64)sk;
	connecting.pid = pid;
	connecting.tid = tid_of(task);
	connecting.ppid = ppid_of(task);
	connecting.uid = uid_of(task);
	connecting.tree_id = *tree_id;
	connecting.object_id = BPF_CORE_READ(file, f_inode, i_ino);
	read_comm(task, connecting.comm);
	bpf_map_update_elem(&mo_connecting, &key, &connecting, BPF_ANY);
}

static __always_inline void connect_ended(struct sock *sk, int state)
{
	u64 key = (u64)sk;
	struct mo_connecting *connecting = bpf_map_lookup_elem(&mo_connecting, &key);

	if (!connecting)
		return;
	struct mo_connect_done *done = bpf_ringbuf_reserve(&mo_ring, sizeof(*done), 0);
	if (!done) {
		count_lost();
		bpf_map_delete_elem(&mo_connecting, &key);
		return;
	}
	struct mo_event *event = &done->event;
	event->type = MO_CONNECT_DONE;
	event->size = sizeof(*done);
	event->ktime_ns = bpf_ktime_get_ns();
	event->pid = connecting->pid;
	event->tid = connecting->tid;
	event->ppid = connecting->ppid;
	event->uid = connecting->uid;
	event->tree_id = connecting->tree_id;
	event->marks = 0;
	event->flags = SOCK_STREAM;
	event->object_id = connecting->object_id;
	event->bytes = 0;
	__builtin_memcpy(event->comm, connecting->comm, sizeof(event->comm));
	*(u64 *)event->text_length = 0;
	event->result = 0;
	if (state == TCP_CLOSE) {
		s32 error = BPF_CORE_READ(sk, sk_err);
		/* No error of the socket: the process itself gave it up. */
		event->result = error > 0 ? -error : -ECONNABORTED;
	}
	bpf_map_delete_elem(&mo_connecting, &key);

	done->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	done->port = BPF_CORE_READ(sk, __sk_common.skc_dport);
	done->ipv4_or_flow = 0;
	done->scope = 0;
	done->reserved = 0;
	__builtin_memset(done->ipv6, 0, sizeof(done->ipv6));
	if (done->family == AF_INET)
		done->ipv4_or_flow = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	else if (bpf_core_field_exists(sk->__sk_common.skc_v6_daddr)) /* absent without CONFIG_IPV6 */
		BPF_CORE_READ_INTO(&done->ipv6, sk, __sk_common.skc_v6_daddr);
	event->text_length[0] = sizeof(*done) - sizeof(*event);
	bpf_ringbuf_submit(done, BPF_RB_NO_WAKEUP);
}

SEC("tp_btf/inet_sock_set_state")
int on_tcp_state(u64 *ctx)
{
	struct sock *sk = (void *)ctx[0];
	int state = ctx[2];

	if (state == TCP_SYN_SENT)
		connect_started(sk);
	else if (state == TCP_ESTABLISHED || state == TCP_CLOSE)
		connect_ended(sk, state);
	return 0;
}
