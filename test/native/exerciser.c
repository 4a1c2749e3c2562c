// Causes known kernel events, so that tests can compare what was reported with what was done.
// Usage: exerciser SCENARIO ARGUMENT...; exits with 99 when a step does not do what it should.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "line %d: %s: %s\n", __LINE__, #condition, strerror(errno)); \
			exit(99);                                                                  \
		}                                                                                  \
	} while (0)
#define FAILS(call, error) MUST((call) == -1 && errno == (error))

static struct sockaddr_in ipv4(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	return address;
}

static struct sockaddr_in6 ipv6(int port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback };
	return address;
}

// DIR
static void opens(char **arguments)
{
	int directory, fd;

	MUST(chdir(arguments[0]) == 0);
	MUST((fd = syscall(SYS_open, "open.txt", O_CREAT | O_WRONLY | O_TRUNC, 0644)) >= 0);
	close(fd);
	MUST((directory = open(".", O_RDONLY | O_DIRECTORY)) >= 0); // a folder: not reported
	MUST(mkdir("sub", 0755) == 0);
	MUST((fd = openat(directory, "sub/../sub/at.txt", O_CREAT | O_RDWR, 0600)) >= 0);
	close(fd);
	struct open_how how = { .flags = O_CREAT | O_WRONLY, .mode = 0600 };
	MUST((fd = syscall(SYS_openat2, directory, "at2.txt", &how, sizeof(how))) >= 0);
	close(fd);
	MUST((fd = syscall(SYS_creat, "creat.txt", 0600)) >= 0);
	close(fd);
	MUST(symlink("open.txt", "link") == 0);
	MUST((fd = open("link", O_RDONLY)) >= 0); // reported with the name of the file itself
	close(fd);
	// Noise that is not reported.
	MUST((fd = open("/proc/self/status", O_RDONLY)) >= 0);
	close(fd);
	MUST((fd = open("/dev/null", O_RDWR)) >= 0);
	close(fd);
	MUST((fd = open("open.txt", O_PATH)) >= 0);
	close(fd);
	FAILS(open("missing", O_RDONLY), ENOENT);
	// Failures that are.
	FAILS(open("missing/new.txt", O_CREAT | O_WRONLY, 0600), ENOENT);
	FAILS(openat(directory, "open.txt/x", O_RDONLY), ENOTDIR);
	FAILS(open("sub", O_WRONLY), EISDIR);
	FAILS(openat(999, "x", O_RDWR), EBADF);
}

// DIR; standard output is a file that the parent opened
static void writes(char **arguments)
{
	struct iovec two[2] = { { "abc", 3 }, { "de", 2 } };
	int fd, from, ends[2], pair[2];
	off_t at = 0;

	MUST(chdir(arguments[0]) == 0);
	MUST(write(1, "inherited", 9) == 9);
	MUST(write(1, "again", 5) == 5);
	MUST((fd = open("w.txt", O_CREAT | O_RDWR, 0600)) >= 0);
	MUST(write(fd, "1", 1) == 1);
	MUST(pwrite(fd, "22", 2, 10) == 2);
	MUST(writev(fd, two, 2) == 5);
	MUST(pwritev(fd, two, 1, 100) == 3);
	MUST(pwritev2(fd, two, 2, 100, RWF_DSYNC) == 5);
	MUST((from = open("/etc/passwd", O_RDONLY)) >= 0);
	MUST(sendfile(fd, from, &at, 7) == 7);
	MUST(copy_file_range(fd, &at, fd, (off_t[]){ 500 }, 6, 0) == 6);
	MUST(pipe(ends) == 0);
	MUST(write(ends[1], "pipe", 4) == 4); // not a file
	MUST(splice(ends[0], NULL, fd, NULL, 4, 0) == 4);
	MUST(ftruncate(fd, 5) == 0);
	MUST(truncate("w.txt", 3) == 0);
	// Not files.
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	MUST(write(pair[0], "socket", 6) == 6);
	MUST(write(eventfd(0, 0), (long[]){ 1 }, 8) == 8);
	MUST(write(open("/dev/null", O_WRONLY), "null", 4) == 4);
	// Over the limit of a file's size: a failure with the bytes that it tried.
	signal(SIGXFSZ, SIG_IGN);
	struct rlimit limit = { 10, 10 };
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	FAILS(pwrite(fd, "too far", 7, 20), EFBIG);
	FAILS(pwritev(fd, two, 2, 20), EFBIG);
	MUST((fd = memfd_create("anon", 0)) >= 0);
	MUST(write(fd, "m", 1) == 1);
}

// DIR
static void names(char **arguments)
{
	int directory, fd;

	MUST(chdir(arguments[0]) == 0);
	MUST((directory = open(".", O_RDONLY | O_DIRECTORY)) >= 0);
	MUST(syscall(SYS_mkdir, "one", 0750) == 0);
	MUST(mkdirat(directory, "two", 0700) == 0);
	FAILS(mkdir("one", 0700), EEXIST);
	MUST(syscall(SYS_rename, "one", "./two/../uno") == 0);
	MUST(renameat(directory, "uno", AT_FDCWD, "two/one") == 0);
	MUST(syscall(SYS_renameat2, directory, "two/one", directory, "one", 0) == 0);
	FAILS(rename("missing", "other"), ENOENT);
	MUST(syscall(SYS_chmod, "one", 0711) == 0);
	MUST(fchmod(directory, 0755) == 0);
	MUST(fchmodat(directory, "two", 0701, 0) == 0);
	MUST(syscall(SYS_chown, "one", 0, 0) == 0);
	MUST(fchown(directory, 0, 0) == 0);
	MUST(syscall(SYS_lchown, "two", 0, 0) == 0);
	MUST(fchownat(directory, "", 0, 0, AT_EMPTY_PATH) == 0);
	MUST(syscall(SYS_rmdir, "one") == 0);
	MUST(unlinkat(directory, "two", AT_REMOVEDIR) == 0);
	MUST((fd = open("f", O_CREAT | O_WRONLY, 0600)) >= 0);
	MUST(syscall(SYS_unlink, "f") == 0);
	MUST(write(fd, "gone", 4) == 4);
	FAILS(unlink("f/../f"), ENOENT);
	FAILS(unlink("/proc/nothing"), ENOENT);
}

static void wait_connected(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLOUT };
	MUST(poll(&one, 1, 5000) == 1);
}

// OPEN_PORT CLOSED_PORT DIR
static void net(char **arguments)
{
	int open_port = atoi(arguments[0]), closed_port = atoi(arguments[1]), fd;
	struct sockaddr_in to_open = ipv4(open_port), to_closed = ipv4(closed_port), any = ipv4(0);
	struct sockaddr_in6 to_closed6 = ipv6(closed_port);
	struct sockaddr_un path = { .sun_family = AF_UNIX }, abstract = { AF_UNIX, "\0exerciser-abstract" };

	MUST(chdir(arguments[2]) == 0);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	MUST(connect(fd, (void *)&to_open, sizeof(to_open)) == 0);
	MUST(sendto(fd, "tcp", 3, 0, (void *)&to_closed, sizeof(to_closed)) == 3); // address ignored: not reported
	fd = socket(AF_INET, SOCK_STREAM, 0);
	FAILS(connect(fd, (void *)&to_closed, sizeof(to_closed)), ECONNREFUSED);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	FAILS(connect(fd, (void *)&to_open, sizeof(to_open)), EINPROGRESS);
	wait_connected(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	FAILS(connect(fd, (void *)&to_closed, sizeof(to_closed)), EINPROGRESS);
	wait_connected(fd);
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	FAILS(connect(fd, (void *)&to_closed6, sizeof(to_closed6)), ECONNREFUSED);
	strcpy(path.sun_path, "missing.sock");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	FAILS(connect(fd, (void *)&path, sizeof(path)), ENOENT);
	FAILS(connect(fd, (void *)&abstract, sizeof(sa_family_t) + 1 + strlen("exerciser-abstract")), ECONNREFUSED);
	strcpy(path.sun_path, "bound.sock");
	MUST(bind(fd, (void *)&path, sizeof(sa_family_t) + strlen(path.sun_path)) == 0);

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(bind(fd, (void *)&any, sizeof(any)) == 0);
	MUST(sendto(fd, "four", 4, 0, (void *)&to_closed, sizeof(to_closed)) == 4);
	struct iovec parts[2] = { { "ab", 2 }, { "cde", 3 } };
	struct msghdr message = { .msg_name = &to_open, .msg_namelen = sizeof(to_open), .msg_iov = parts, .msg_iovlen = 2 };
	while (sendmsg(fd, &message, 0) != 5) // a refusal of the datagram before comes first
		MUST(errno == ECONNREFUSED);
	struct mmsghdr many[2] = { { .msg_hdr = message }, { .msg_hdr = message } };
	many[1].msg_hdr.msg_name = &to_closed;
	many[1].msg_hdr.msg_iovlen = 1;
	while (sendmmsg(fd, many, 2, 0) != 2)
		MUST(errno == ECONNREFUSED);
	static char big[70000];
	FAILS(sendto(fd, big, sizeof(big), 0, (void *)&to_open, sizeof(to_open)), EMSGSIZE);
	// Asking the kernel for its interfaces is not an effect.
	struct sockaddr_nl netlink = { .nl_family = AF_NETLINK };
	MUST(bind(socket(AF_NETLINK, SOCK_RAW, 0), (void *)&netlink, sizeof(netlink)) == 0);
}

static void *sleep_a_little(void *argument)
{
	usleep(20000);
	return argument;
}

static void *end_as_last(void *argument)
{
	usleep(20000);
	syscall(SYS_exit, 6);
	return argument;
}

// no arguments: one child for each way to end
static void ends(char **arguments)
{
	pthread_t thread;
	int status;

	(void)arguments;
	if (fork() == 0)
		_exit(42);
	MUST(wait(&status) > 0 && WEXITSTATUS(status) == 42);
	if (fork() == 0) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	MUST(wait(&status) > 0 && WTERMSIG(status) == SIGTERM);
	if (fork() == 0) { // ends while another thread runs: one process, one end
		pthread_create(&thread, NULL, sleep_a_little, NULL);
		_exit(5);
	}
	MUST(wait(&status) > 0 && WEXITSTATUS(status) == 5);
	if (fork() == 0) { // the leader ends first: kernels before 5.17 tell its status, later ones the last thread's
		pthread_create(&thread, NULL, end_as_last, NULL);
		syscall(SYS_exit, 6);
	}
	MUST(wait(&status) > 0 && WEXITSTATUS(status) == 6);
}

// PATH: a grandchild that outlives everyone writes the file
static void daemonise(char **arguments)
{
	if (fork() == 0) {
		MUST(setsid() >= 0);
		if (fork() == 0) {
			usleep(50000);
			int fd = open(arguments[0], O_CREAT | O_WRONLY, 0600);
			MUST(write(fd, "daemon", 6) == 6);
			_exit(0);
		}
		_exit(0);
	}
	wait(NULL);
}

// UID PATH
static void as_user(char **arguments)
{
	MUST(setresuid(atoi(arguments[0]), atoi(arguments[0]), atoi(arguments[0])) == 0);
	FAILS(open(arguments[1], O_WRONLY), EACCES);
}

// COUNT PATH: exactly COUNT writes of one byte
static void flood(char **arguments)
{
	long count = atol(arguments[0]);
	int fd = open(arguments[1], O_CREAT | O_WRONLY, 0600);

	MUST(fd >= 0);
	for (long i = 0; i < count; i++)
		MUST(pwrite(fd, "x", 1, 0) == 1);
}

// PATH: a child that waits; on each line of standard input parent and child write one byte
static void obedient(char **arguments)
{
	int fd = open(arguments[0], O_CREAT | O_WRONLY, 0600), to_child[2], from_child[2];
	char byte;

	MUST(pipe(to_child) == 0 && pipe(from_child) == 0);
	if (fork() == 0) {
		close(to_child[1]);
		while (read(to_child[0], &byte, 1) == 1) {
			MUST(write(fd, "c", 1) == 1);
			MUST(write(from_child[1], "k", 1) == 1);
		}
		_exit(0);
	}
	close(to_child[0]);
	MUST(write(1, "ready\n", 6) == 6);
	while (read(0, &byte, 1) == 1) {
		MUST(write(fd, "p", 1) == 1);
		MUST(write(to_child[1], "g", 1) == 1 && read(from_child[0], &byte, 1) == 1);
		MUST(write(1, "done\n", 5) == 5);
	}
	close(to_child[1]);
	wait(NULL);
}

// DEPTH DIR: a file below DEPTH folders
static void deep(char **arguments)
{
	MUST(chdir(arguments[1]) == 0);
	for (int i = atoi(arguments[0]); i > 0; i--)
		MUST(mkdir("d", 0700) == 0 && chdir("d") == 0);
	MUST(open("leaf", O_CREAT | O_WRONLY, 0600) >= 0);
}

// PATH: a 32-bit system call whose number is a wanted one's
static void compat(char **arguments)
{
	long result;

	(void)arguments;
	// getpid has number 20 there, which is writev's here.
	asm volatile("int $0x80" : "=a"(result) : "a"(20) : "r8", "r9", "r10", "r11", "memory");
	MUST(result == getpid() || result == -ENOSYS);
}

// no arguments: one ring
static void io_uring(char **arguments)
{
	struct io_uring_params parameters = { 0 };

	(void)arguments;
	if (syscall(SYS_io_uring_setup, 1, &parameters) >= 0)
		return;
	exit(errno == EPERM || errno == ENOSYS ? 97 : 99);
}

int main(int count, char **arguments)
{
	static const struct {
		const char *name;
		int arguments;
		void (*run)(char **);
	} scenarios[] = {
		{ "opens", 1, opens },	       { "writes", 1, writes },	  { "names", 1, names },
		{ "net", 3, net },	       { "ends", 0, ends },	  { "daemonise", 1, daemonise },
		{ "as-user", 2, as_user },     { "flood", 2, flood },	  { "obedient", 1, obedient },
		{ "deep", 2, deep },	       { "compat", 0, compat },
		{ "io-uring", 0, io_uring },
	};

	for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
		if (count < 2 || strcmp(arguments[1], scenarios[i].name) || count - 2 < scenarios[i].arguments)
			continue;
		scenarios[i].run(arguments + 2);
		return 0;
	}
	return 98;
}
