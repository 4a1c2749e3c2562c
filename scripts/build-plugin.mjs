#!/usr/bin/env node
/**
 * Builds the Falco plugin, build/Release/libmcp_audit.so: one file that needs the C library only.
 * Does nothing while its inputs are unchanged. Apart from the kernel part's build: this one needs
 * a C++ compiler, and the source of its JSON library.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { yyjsonSource } from './plugin/yyjson.mjs';
import { machinePath, root, runCommand, SetupError } from './setup/run-command.mjs';

const sources = join(root, 'native/plugin');
const stamp = join(root, 'build/plugin.stamp');
const exportList = join(sources, 'plugin.version');

export const plugin = join(root, 'build/Release/libmcp_audit.so');

/** What of the JSON library is not used is not built. */
const DEFINES = ['-DYYJSON_DISABLE_WRITER=1', '-DYYJSON_DISABLE_UTILS=1'];
const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
const COMMON = ['-fPIC', '-fvisibility=hidden', '-fstack-protector-strong', ...DEFINES];
const RELEASE = ['-O3', '-DNDEBUG', '-DMCP_AUDIT_OWN_RUNTIME', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2'];
/** The host may have another C++ library, or none: the plugin brings its own. */
const LINK_RELEASE = ['-static-libstdc++', '-static-libgcc', '-Wl,-z,relro,-z,now', '-s'];

const namesIn = (folder, extension) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .sort();

/** Differs when anything does that the plugin is made from. */
export function pluginDigest() {
  const hash = createHash('sha256');
  const files = [
    fileURLToPath(import.meta.url),
    exportList,
    join(root, 'scripts/plugin/yyjson.mjs'),
    ...['.h', '.cc'].flatMap((extension) => namesIn(sources, extension).map((name) => join(sources, name))),
  ];
  for (const file of files) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** Whether the plugin is there and made from the inputs as they are now. */
export function pluginIsBuilt() {
  return existsSync(plugin) && existsSync(stamp) && readFileSync(stamp, 'utf8') === pluginDigest();
}

function findCompiler() {
  const env = { ...process.env, PATH: machinePath() };
  const found = ['g++', 'c++', 'clang++'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore', env }).status === 0,
  );
  if (found === undefined) throw new SetupError('a C++ compiler is missing (Debian package: g++).');
  return found;
}

/** Two at a time: a compiler takes some hundred megabytes. */
async function inPairs(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/**
 * Compiles the plugin's sources into `folder` and resolves to the paths of the objects.
 * @param {{folder: string, compiler?: string, flags?: readonly string[]}} options
 */
export async function compilePlugin({ folder, compiler = findCompiler(), flags = RELEASE }) {
  mkdirSync(folder, { recursive: true });
  const library = await yyjsonSource();
  const objects = [];
  const units = [
    { source: join(library, 'yyjson.c'), name: 'yyjson', language: ['-x', 'c', '-std=gnu11'] },
    ...namesIn(sources, '.cc').map((name) => ({
      source: join(sources, name),
      name: name.slice(0, -3),
      language: ['-x', 'c++', '-std=c++17', ...WARNINGS],
    })),
  ];
  await inPairs(units, async ({ source, name, language }) => {
    const object = join(folder, `${name}.o`);
    objects.push(object);
    const args = [...language, ...COMMON, `-isystem${library}`, ...flags, '-c', source, '-o', object];
    await runCommand(compiler, args, { logName: `plugin-${name}` });
  });
  return objects.sort();
}

/**
 * Links objects of {@link compilePlugin} to a plugin that a host can load.
 * @param {{objects: readonly string[], output: string, compiler?: string, flags?: readonly string[]}} options
 */
export async function linkPlugin({ objects, output, compiler = findCompiler(), flags = LINK_RELEASE }) {
  const linked = `${output}.new`;
  const own = ['-shared', `-Wl,--version-script=${exportList}`];
  await runCommand(compiler, [...own, ...flags, ...objects, '-o', linked], { logName: 'plugin-link' });
  renameSync(linked, output);
}

/**
 * Builds what has to be built. Rejects with a SetupError that names a missing tool, or carries the
 * end of the failed command's output.
 * @param {{log?: (line: string) => void}} [options]
 */
export async function buildPlugin({ log = () => {} } = {}) {
  if (pluginIsBuilt()) return log('Falco plugin: up to date');
  const digest = pluginDigest();
  rmSync(stamp, { force: true });
  log('Falco plugin');
  const folder = join(root, 'build/plugin');
  mkdirSync(join(root, 'build/Release'), { recursive: true });
  const objects = await compilePlugin({ folder });
  await linkPlugin({ objects, output: plugin, flags: [...LINK_RELEASE, '-Wl,--no-undefined'] });
  rmSync(folder, { recursive: true });
  writeFileSync(stamp, digest);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildPlugin({ log: console.log });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    if (error.details) console.error(error.details);
    process.exitCode = 1;
  }
}
