// What two system calls cost: one that no program wants (getppid), one that makes an event when
// the process is observed (a write of no bytes to a file). On each line of standard input it measures
// once and prints {"getppidNs":X,"writeNs":Y}. Each is the fastest of many short runs, as what disturbs
// a run only ever makes it slower.
// Usage: syscall-cost PATH
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 200, CALLS = 1000 };

static double now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int count, char **arguments)
{
	char line[16];
	const int fd = count == 2 ? open(arguments[1], O_CREAT | O_WRONLY, 0600) : -1;

	if (fd < 0)
		return 64;
	while (fgets(line, sizeof(line), stdin)) {
		double getppid_ns = 1e9, write_ns = 1e9;
		for (int run = 0; run < RUNS; run++) {
			double start = now_ns(), cost;
			for (int i = 0; i < CALLS; i++)
				syscall(SYS_getppid);
			cost = (now_ns() - start) / CALLS;
			if (cost < getppid_ns)
				getppid_ns = cost;
			start = now_ns();
			for (int i = 0; i < CALLS; i++)
				if (write(fd, "", 0) != 0)
					return 1;
			cost = (now_ns() - start) / CALLS;
			if (cost < write_ns)
				write_ns = cost;
		}
		printf("{\"getppidNs\":%f,\"writeNs\":%f}\n", getppid_ns, write_ns);
		fflush(stdout);
	}
	return 0;
}
