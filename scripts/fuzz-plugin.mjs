#!/usr/bin/env node
/**
 * Feeds the Falco plugin with bytes that libFuzzer makes up, under AddressSanitizer and UBSan.
 * Usage: node scripts/fuzz-plugin.mjs [SECONDS]
 *
 * The seconds (60 where none are given) are shared by the targets. What was found to reach new code stays
 * in build/fuzz/corpus for the next time; an input that fails is kept in build/fuzz/findings.
 * Exit status: 0 nothing found, 1 something was, or the tools are missing, 64 wrong usage
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePlugin, pluginDigest } from './build-plugin.mjs';
import { root, runCommand, SetupError } from './setup/run-command.mjs';
import { LIB_FUZZER } from './setup/system-packages.mjs';

const TARGETS = ['fuzz_extract', 'fuzz_input'];
const DEFAULT_SECONDS = 60;
const sources = join(root, 'test/native/plugin/fuzz');
const folder = join(root, 'build/fuzz');
const FLAGS = ['-O1', '-g', '-fno-omit-frame-pointer', '-fno-sanitize-recover=all'];
const SANITIZERS = 'address,undefined';

function findClang() {
  const versions = Array.from({ length: 16 }, (_, i) => `clang-${14 + i}`);
  for (const clang of ['clang', ...versions]) {
    const { status, stdout } = spawnSync(clang, [`--print-file-name=${LIB_FUZZER}`], {
      encoding: 'utf8',
    });
    const { status: found } = spawnSync('test', ['-e', (stdout ?? '').trim()]);
    if (status === 0 && found === 0) return clang;
  }
  throw new SetupError(
    'clang with libFuzzer is missing (Debian packages: clang libclang-rt-dev); "npm run setup -- --test-tools" installs it.',
  );
}

/** A value that fits, for each field of the schema. */
function sampleOf({ type, enum: values, items, 'x-falco': falco }) {
  if (falco.type === 'ipaddr') return falco.list ? ['192.0.2.1', '2001:db8::1'] : '192.0.2.1';
  if (values !== undefined) return values[0];
  if (type === 'array') return [items.type === 'string' ? 'a' : 1, 'b'];
  return { string: '1', integer: 17, number: 1.5, boolean: true }[type];
}

/** One record of each kind, with all its fields, and a few lines that are broken. */
function writeSeeds(into) {
  const schema = JSON.parse(readFileSync(join(root, 'docs/schema/mcp_audit_v1.json'), 'utf8'));
  const kinds = schema.properties.record.enum;
  const records = kinds.map((kind) => {
    const own = Object.entries(schema.properties).filter(([, f]) => f['x-kinds']?.includes(kind) ?? true);
    const fields = own.map(([name, field]) => [name, name === 'record' ? kind : sampleOf(field)]);
    return JSON.stringify(Object.fromEntries(fields));
  });
  const needed = Object.fromEntries(schema.required.map((name) => [name, sampleOf(schema.properties[name])]));
  const odd = JSON.stringify({
    ...needed,
    path: '\u001b\u202e\u{e0001}"\\ä',
    pid: 1e19,
    ip: '::ffff:1.2.3.4',
    x: { y: [null] },
  });
  const lines = [...records, odd, JSON.stringify(needed), `${records[0]}x`, '{}', '[]', '', ' ', '\r'];
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  // The first byte says how the file is read.
  for (const [i, line] of lines.entries()) {
    writeFileSync(join(into, `line-${i}`), line);
    writeFileSync(join(into, `file-${i}`), `\0${line}\n${JSON.stringify(needed)}\r\n`);
  }
}

/** Keys, so that the fuzzer need not guess them. */
function writeDictionary(path) {
  const { properties } = JSON.parse(readFileSync(join(root, 'docs/schema/mcp_audit_v1.json'), 'utf8'));
  const words = [
    ...Object.keys(properties).map((name) => `\\"${name}\\":`),
    'true',
    'null',
    '\\\\u202e',
    '\\\\ud800',
    '1e400',
    '\\x0d\\x0a',
  ];
  writeFileSync(path, words.map((word) => `"${word}"\n`).join(''));
}

function digest(clang) {
  const hash = createHash('sha256')
    .update(pluginDigest())
    .update(clang)
    .update(readFileSync(import.meta.filename));
  for (const path of [sources, join(sources, '..')])
    for (const name of readdirSync(path)
      .filter((file) => /\.(cc|h)$/.test(file))
      .sort())
      hash.update(readFileSync(join(path, name)));
  return hash.digest('hex');
}

/** Takes a minute; nothing is done while the sources are unchanged. */
async function build(clang) {
  const stamp = join(folder, 'stamp');
  const now = digest(clang);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  rmSync(stamp, { force: true });
  const flags = [...FLAGS, `-fsanitize=fuzzer-no-link,${SANITIZERS}`];
  const objects = await compilePlugin({ folder: join(folder, 'objects'), compiler: clang, flags });
  for (const target of TARGETS) {
    const args = [
      // As clang++, which need not be there under a name of its own.
      '--driver-mode=g++',
      '-x',
      'c++',
      '-std=c++17',
      ...FLAGS,
      `-fsanitize=fuzzer,${SANITIZERS}`,
      join(sources, `${target}.cc`),
    ];
    // The target finds the plugin's functions in itself.
    const link = [
      '-x',
      'none',
      ...objects,
      '-rdynamic',
      '-lstdc++',
      '-lm',
      '-ldl',
      '-o',
      join(folder, target),
    ];
    await runCommand(clang, [...args, ...link], { logName: target });
  }
  writeFileSync(stamp, now);
}

/** @returns {Promise<boolean>} whether nothing was found */
function run(target, seconds) {
  const corpus = join(folder, 'corpus', target);
  const findings = join(folder, 'findings');
  for (const path of [corpus, findings]) mkdirSync(path, { recursive: true });
  const args = [
    `-max_total_time=${seconds}`,
    '-max_len=4096',
    '-timeout=10',
    '-rss_limit_mb=2048',
    '-print_final_stats=1',
    `-dict=${join(folder, 'dictionary')}`,
    `-artifact_prefix=${findings}/${target}-`,
    corpus,
    join(folder, 'seeds'),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(join(folder, target), args, { stdio: ['ignore', 'inherit', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-20_000);
    });
    child.once('error', reject).once('close', (code) => {
      const runs = /number_of_executed_units: (\d+)/.exec(said)?.[1] ?? 'no';
      console.log(`${target}: ${runs} runs in ${seconds} s, ${code === 0 ? 'nothing found' : 'FOUND'}`);
      if (code !== 0) console.error(said);
      resolve(code === 0);
    });
  });
}

async function main(args) {
  const seconds = Number(args[0] ?? DEFAULT_SECONDS);
  if (args.length > 1 || !Number.isInteger(seconds) || seconds < 1) {
    console.error('Usage: node scripts/fuzz-plugin.mjs [SECONDS]');
    process.exitCode = 64;
    return;
  }
  try {
    mkdirSync(folder, { recursive: true });
    await build(findClang());
    writeSeeds(join(folder, 'seeds'));
    writeDictionary(join(folder, 'dictionary'));
    const share = Math.max(1, Math.floor(seconds / TARGETS.length));
    for (const target of TARGETS) if (!(await run(target, share))) process.exitCode = 1;
    const found = readdirSync(join(folder, 'findings'));
    if (process.exitCode === 1) console.error(`build/fuzz/findings: ${found.join(', ')}`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    if (error.details) console.error(error.details);
    process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
