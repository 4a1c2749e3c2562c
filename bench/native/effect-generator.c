// Causes effects that are records of their own at a set rate: tries to remove what cannot be there, a
// name of its own each time. Usage: effect-generator RATE_A_SECOND SECONDS. Waits for a line on stdin.
// Prints {"effects":N,"seconds":S} and waits for the end of stdin.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 50 };

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
	if (count != 3)
		return 64;
	const double rate = atof(arguments[1]), seconds = atof(arguments[2]);
	char path[] = "/dev/null/some/file-000000000";
	char *const digits = path + sizeof path - 10;
	char byte;
	long effects = 0;

	if (read(0, &byte, 1) != 1)
		return 1;
	const double start = now();
	double elapsed = 0;
	while (elapsed < seconds) {
		for (int i = 0; i < BURST; i++) {
			for (long n = effects++, at = 8; at >= 0; at--, n /= 10)
				digits[at] = '0' + n % 10;
			unlink(path);
		}
		elapsed = now() - start;
		const double early = effects / rate - elapsed;
		if (early > 0.0002) {
			const struct timespec pause = {0, (long)(early * 1e9)};
			nanosleep(&pause, 0);
		}
	}
	printf("{\"effects\":%ld,\"seconds\":%.6f}\n", effects, now() - start);
	fflush(stdout);
	while (read(0, &byte, 1) == 1)
		;
	return 0;
}
