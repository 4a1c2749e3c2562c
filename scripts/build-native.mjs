#!/usr/bin/env node
/**
 * Builds the kernel part: the BPF object (build/bpf/mcp_observer.bpf.o), the addon
 * (build/Release/mcp_observer.node) with the libraries that it needs beside it, and the relay's addon
 * (build/Release/mcp_relay.node). Does nothing while its inputs are unchanged. As a command it builds the Falco plugin too (build-plugin.mjs).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPlugin } from './build-plugin.mjs';
import { findBpfTools, findNode, findNodeHeaders } from './native/tools.mjs';
import { root, runCommand, SetupError } from './setup/run-command.mjs';

const INPUT_FOLDERS = ['bpf', 'native/addon', 'scripts/native'];
const INPUT_FILES = ['binding.gyp', 'scripts/build-native.mjs'];
const BPF_SOURCES = ['process', 'net', 'file'];
/** Shipped beside the addon; everything else it needs is part of every Linux. */
const BUNDLED_LIBRARIES = ['libbpf.so.1', 'libelf.so.1', 'libz.so.1'];

const bpfObject = join(root, 'build/bpf/mcp_observer.bpf.o');
const addon = join(root, 'build/Release/mcp_observer.node');
const relayAddon = join(root, 'build/Release/mcp_relay.node');
const stamp = join(root, 'build/native.stamp');

function inputsDigest() {
  const hash = createHash('sha256');
  const files = INPUT_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => join(folder, name)),
  );
  for (const file of [...files, ...INPUT_FILES])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Whether all files are there and made from the inputs as they are now. */
export function nativeIsBuilt() {
  if (![bpfObject, addon, relayAddon, stamp].every(existsSync)) return false;
  return readFileSync(stamp, 'utf8') === inputsDigest();
}

async function buildBpf() {
  if (arch() !== 'x64') throw new SetupError(`the kernel part knows x86-64 only, not ${arch()}.`);
  const { clang, bpftool, strip } = findBpfTools();
  const folder = join(root, 'build/bpf');
  mkdirSync(folder, { recursive: true });
  const objects = await Promise.all(
    BPF_SOURCES.map(async (name) => {
      const output = join(folder, `${name}.bpf.o`);
      const source = join(root, `bpf/${name}.bpf.c`);
      const target = ['-target', 'bpf', '-mcpu=v3', '-D__TARGET_ARCH_x86', '-I/usr/include/x86_64-linux-gnu'];
      // The types' BTF comes from -g; unused: headers hold functions that not every file calls.
      const flags = ['-O2', '-g', '-Wall', '-Werror', '-Wno-unused-function'];
      await runCommand(clang, [...target, ...flags, '-c', source, '-o', output], { logName: `bpf-${name}` });
      return output;
    }),
  );
  const linked = `${bpfObject}.new`;
  await runCommand(bpftool, ['gen', 'object', linked, ...objects], { logName: 'bpf-link' });
  if (strip) await runCommand(strip, ['-g', linked], { logName: 'bpf-strip' });
  renameSync(linked, bpfObject);
  for (const object of objects) rmSync(object);
}

async function buildAddon() {
  const gyp = join(root, 'node_modules/node-gyp/bin/node-gyp.js');
  if (!existsSync(gyp)) throw new SetupError('node-gyp is missing: install the npm packages first.');
  const headers = findNodeHeaders();
  const nodedir = headers ? [`--nodedir=${headers}`] : [];
  const node = findNode();
  await runCommand(node, [gyp, 'configure', 'build', '--release', ...nodedir], { logName: 'addon' });
}

/** The addon looks in its own folder first, then where the system keeps its libraries. */
function bundleLibraries() {
  const { stdout, status } = spawnSync('ldd', [addon], { encoding: 'utf8' });
  if (status !== 0) return;
  for (const name of BUNDLED_LIBRARIES) {
    const target = join(root, 'build/Release', name);
    const source = new RegExp(`^\\s*${name.replaceAll('.', '\\.')} => (/\\S+)`, 'm').exec(stdout)?.[1];
    if (source === undefined || source === target) continue;
    copyFileSync(source, `${target}.new`);
    chmodSync(`${target}.new`, 0o644);
    renameSync(`${target}.new`, target);
  }
}

/**
 * Builds what has to be built. Rejects with a SetupError that names a missing tool, or carries the
 * end of the failed command's output.
 * @param {{log?: (line: string) => void}} [options]
 */
export async function buildNative({ log = () => {} } = {}) {
  if (nativeIsBuilt()) return log('kernel part: up to date');
  const digest = inputsDigest();
  rmSync(stamp, { force: true });
  log('kernel part: BPF object');
  await buildBpf();
  log('kernel part: addon');
  await buildAddon();
  bundleLibraries();
  writeFileSync(stamp, digest);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    // The plugin first: it builds where the kernel part does not.
    await buildPlugin({ log: console.log });
    await buildNative({ log: console.log });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    if (error.details) console.error(error.details);
    process.exitCode = 1;
  }
}
