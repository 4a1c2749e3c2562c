// Causes kernel events at a set rate: writes of no bytes to a file, the cheapest call that makes one.
// Usage: event-generator RATE_A_SECOND SECONDS PATH; RATE 0: as fast as it goes.
// Prints {"writes":N,"seconds":S,"nsPerWrite":X}.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 64 };

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
	if (count != 4)
		return 64;
	const double rate = atof(arguments[1]), seconds = atof(arguments[2]);
	const int fd = open(arguments[3], O_CREAT | O_WRONLY, 0600);
	const double start = now();
	double elapsed = 0;
	long writes = 0;

	if (fd < 0)
		return 1;
	while (elapsed < seconds) {
		for (int i = 0; i < BURST; i++)
			if (write(fd, "", 0) != 0)
				return 1;
		writes += BURST;
		elapsed = now() - start;
		while (rate > 0 && writes / rate > elapsed) {
			const double early = writes / rate - elapsed;
			if (early > 0.0005)
				usleep(early * 1e6 - 200);
			elapsed = now() - start;
		}
	}
	printf("{\"writes\":%ld,\"seconds\":%f,\"nsPerWrite\":%f}\n", writes, elapsed, elapsed / writes * 1e9);
	return 0;
}
