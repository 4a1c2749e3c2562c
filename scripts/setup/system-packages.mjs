/** What the kernel part is built with, and how to get what is missing of it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { machinePath, runCommand } from './run-command.mjs';

/** Root's folders are not in everyone's PATH, but their programs can be run by everyone. */
const folders = () => [...machinePath().split(delimiter), '/usr/sbin', '/sbin'];

const hasProgram = (name) => folders().some((folder) => existsSync(join(folder, name)));

function hasClang() {
  if (hasProgram('clang')) return true;
  return folders().some(
    (folder) => existsSync(folder) && readdirSync(folder).some((n) => /^clang-(1[4-9]|[2-9]\d)$/.test(n)),
  );
}

/** On Ubuntu /usr/sbin/bpftool is a script that looks for the running kernel's own one. */
function hasBpftool() {
  const path = folders()
    .map((folder) => join(folder, 'bpftool'))
    .find(existsSync);
  if (path === undefined) return false;
  return spawnSync(path, ['version'], { stdio: 'ignore' }).status === 0 || ubuntuBpftool() !== undefined;
}

/** Any kernel's bpftool will do: only its code generator is used. */
function ubuntuBpftool() {
  const base = '/usr/lib/linux-tools';
  if (!existsSync(base)) return undefined;
  return readdirSync(base)
    .map((version) => join(base, version, 'bpftool'))
    .find(existsSync);
}

const hasHeader = (name) => existsSync(join('/usr/include', name));

const NEEDS = [
  { present: () => hasProgram('g++') || hasProgram('c++'), debian: ['g++'] },
  { present: () => hasProgram('make'), debian: ['make'] },
  { present: () => hasProgram('python3'), debian: ['python3'] },
  { present: () => hasProgram('xz'), debian: ['xz-utils'] },
  { present: hasClang, debian: ['clang'] },
  { present: () => hasHeader('bpf/libbpf.h'), debian: ['libbpf-dev'] },
  { present: () => hasHeader('libelf.h'), debian: ['libelf-dev'] },
  { present: () => hasHeader('zlib.h'), debian: ['zlib1g-dev'] },
  { present: hasBpftool, debian: ['bpftool'], ubuntu: ['linux-tools-common', 'linux-tools-generic'] },
];

export const LIB_FUZZER = `libclang_rt.fuzzer-${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}.a`;

/** libFuzzer is part of clang's runtime, which Debian has a package of its own for. */
function hasLibFuzzer() {
  const base = '/usr/lib';
  const versions = readdirSync(base).filter((name) => /^llvm-\d+$/.test(name));
  return versions.some((version) => {
    const clang = join(base, version, 'lib/clang');
    return (
      existsSync(clang) &&
      readdirSync(clang).some((release) => existsSync(join(clang, release, 'lib/linux', LIB_FUZZER)))
    );
  });
}

/** For the tests of the Falco plugin that look at memory. */
const TEST_NEEDS = [
  { present: () => hasProgram('valgrind'), debian: ['valgrind'] },
  {
    present: hasLibFuzzer,
    debian: ['clang', 'libclang-rt-dev'],
    ubuntu: ['clang', 'libclang-common-14-dev'],
  },
];

/** Names of the Debian packages that bring what is missing. */
export function missingPackages(needs = NEEDS) {
  return needs.filter((need) => !need.present()).flatMap((need) => need.debian);
}

export const missingTestPackages = () => missingPackages(TEST_NEEDS);
export const installTestPackages = () => installPackages(TEST_NEEDS);

/** @returns {Promise<void>} rejects with a SetupError when apt-get fails */
export async function installPackages(needs = NEEDS) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['update', '-q'], { logName: 'apt-update', env });
  const names = needs
    .filter((need) => !need.present())
    .flatMap((need) => (need.ubuntu && !need.debian.every(hasCandidate) ? need.ubuntu : need.debian));
  await runCommand('apt-get', ['install', '-qy', '--no-install-recommends', ...names], {
    logName: 'apt-install',
    env,
  });
}

function hasCandidate(name) {
  const { stdout } = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' });
  return /Candidate: (?!\(none\))/.test(stdout ?? '');
}

export const hasApt = () => hasProgram('apt-get');
