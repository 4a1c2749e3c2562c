// The same BPF object and ring buffer read by plain C: what is the least that a reader can cost.
// Loads OBJECT, starts COMMAND... as a tracked process, and until it ends empties the ring every five
// milliseconds, reading the fields that the decoder's bench reads.
// Usage: ring-consumer OBJECT RING_BYTES COMMAND...
// Prints {"events":N,"lost":N,"cpuNs":X} to standard error, the command has standard output.
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "events.h"
#include "syscalls.h"

static unsigned long events, sum;

static int take(void *context, void *data, size_t size)
{
	const struct mo_event *event = data;

	(void)context;
	(void)size;
	if (event->type != MO_WRITE)
		return 0;
	events++;
	sum += event->ktime_ns + event->pid + event->tree_id + event->object_id + event->bytes + event->result;
	return 0;
}

static double cpu_ns(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

static int fd_of(struct bpf_object *object, const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}

int main(int count, char **arguments)
{
	static const char *const hooks[] = { "on_fork", "on_exec", "on_exit", "on_sys_exit" };
	struct bpf_object *object = count > 3 ? bpf_object__open_file(arguments[1], NULL) : NULL;
	size_t size;
	int status;

	if (!object)
		return 64;
	__u64 *wanted = (__u64 *)bpf_map__initial_value(bpf_object__find_map_by_name(object, ".rodata.wanted"), &size);
#define WANT(number, program) wanted[(number) / 64] |= 1ull << ((number) % 64);
	MO_SYSCALLS(WANT)
	const int cpus = libbpf_num_possible_cpus();
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "mo_counters"), cpus);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "mo_ring"), atol(arguments[2]));
	if (bpf_object__load(object))
		return 1;
#define FILL(number, program)                                                                      \
	{                                                                                          \
		__u32 key = number;                                                                \
		int fd = bpf_program__fd(bpf_object__find_program_by_name(object, #program));      \
		if (bpf_map_update_elem(fd_of(object, "mo_handlers"), &key, &fd, BPF_ANY))          \
			return 1;                                                                  \
	}
	MO_SYSCALLS(FILL)
	struct ring_buffer *ring = ring_buffer__new(fd_of(object, "mo_ring"), take, NULL, NULL);
	for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++)
		if (!bpf_program__attach(bpf_object__find_program_by_name(object, hooks[i])))
			return 1;

	__u32 self = gettid(), tree = 1;
	bpf_map_update_elem(fd_of(object, "mo_spawners"), &self, &tree, BPF_ANY);
	const pid_t child = fork();
	if (child == 0) {
		execvp(arguments[3], arguments + 3);
		_exit(127);
	}
	const double before = cpu_ns();
	while (waitpid(child, &status, WNOHANG) == 0) {
		usleep(5000);
		ring_buffer__consume(ring);
	}
	ring_buffer__consume(ring);
	const double cpu = cpu_ns() - before;

	unsigned long lost = 0;
	const struct mo_cpu_counters *counters = mmap(NULL, cpus * sizeof(*counters), PROT_READ, MAP_SHARED,
						      fd_of(object, "mo_counters"), 0);
	for (int cpu = 0; cpu < cpus; cpu++)
		lost += counters[cpu].lost_events;
	fprintf(stderr, "{\"events\":%lu,\"lost\":%lu,\"cpuNs\":%f}\n", events, lost, cpu);
	return sum == 0 || !WIFEXITED(status);
}
