/** Finds the programs and headers that the kernel part is built with. */
import { accessSync, constants, existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { machinePath, root, SetupError } from '../setup/run-command.mjs';

/** Root's folders are not in everyone's PATH, but their programs can be run by everyone. */
const folders = () => [...machinePath().split(delimiter), '/usr/sbin', '/sbin'];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findProgram(names) {
  for (const name of names) {
    for (const folder of folders()) {
      if (isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

/** The oldest that does first: what it makes loads on the oldest kernels. */
const VERSIONS = Array.from({ length: 16 }, (_, i) => 14 + i);

function ubuntuBpftool() {
  const base = '/usr/lib/linux-tools';
  if (!existsSync(base)) return undefined;
  return readdirSync(base)
    .map((version) => join(base, version, 'bpftool'))
    .find(isExecutable);
}

/** @returns {{clang: string, bpftool: string, strip: string | undefined}} throws a SetupError that names the package */
export function findBpfTools() {
  const clang = findProgram([...VERSIONS.map((version) => `clang-${version}`), 'clang']);
  if (clang === undefined) throw new SetupError('clang is missing (Debian package: clang).');
  const bpftool = ubuntuBpftool() ?? findProgram(['bpftool']);
  if (bpftool === undefined) throw new SetupError('bpftool is missing (Debian package: bpftool).');
  for (const [header, name] of [
    ['bpf/libbpf.h', 'libbpf-dev'],
    ['libelf.h', 'libelf-dev'],
    ['zlib.h', 'zlib1g-dev'],
  ]) {
    if (!existsSync(join('/usr/include', header)))
      throw new SetupError(`${header} is missing (Debian package: ${name}).`);
  }
  const strip = findProgram(['llvm-strip', ...VERSIONS.map((version) => `llvm-strip-${version}`)]);
  return { clang, bpftool, strip };
}

/** The Node that runs node-gyp: the pinned one if it is there. */
export function findNode() {
  const pinned = join(root, 'node_modules/.bin/node');
  return isExecutable(pinned) ? pinned : process.execPath;
}

/** Prefix of a Node with headers, so that nothing is fetched; undefined where there is none. */
export function findNodeHeaders() {
  const nodes = [process.execPath, ...folders().map((folder) => join(folder, 'node'))].filter(existsSync);
  const prefixes = [...nodes.map((node) => dirname(dirname(realpathSync(node)))), '/usr', '/usr/local'];
  return prefixes.find((prefix) => existsSync(join(prefix, 'include/node/node_api.h')));
}
