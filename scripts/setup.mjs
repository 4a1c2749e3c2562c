#!/usr/bin/env node
/**
 * Makes a fresh clone ready to run. Plain JavaScript without packages: it runs before there are any,
 * on the Node that the machine has. Every step first looks whether it has anything to do.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './setup/lock.mjs';
import {
  installNpmPackages,
  nodeBinaryExists,
  npmPackagesMatch,
  repairNodeBinary,
} from './setup/npm-packages.mjs';
import { createProgress } from './setup/progress.mjs';
import { root, SetupError, stateDir } from './setup/run-command.mjs';
import {
  hasApt,
  installPackages,
  installTestPackages,
  missingPackages,
  missingTestPackages,
} from './setup/system-packages.mjs';
import { buildTypescript, typescriptIsBuilt } from './setup/typescript.mjs';

const HELP = `Usage: node scripts/setup.mjs [options]

Makes this clone ready: system packages, npm packages, kernel part, Falco plugin, TypeScript build.
What is there already is left alone. Without root, or without a compiler, the kernel
part is left out and everything else works in audit mode.

Options:
  --quiet           show only the steps that had work to do
  --audit-only      leave out the system packages, the kernel part and the Falco plugin
  --require-kernel  fail when the kernel part cannot be built
  --test-tools      also install what the tests of memory use: valgrind, clang's libFuzzer
  --help            show this text

Examples:
  npm run setup
  sudo node scripts/setup.mjs --require-kernel

Exit status: 0 ready, 1 a step failed, 64 wrong usage
`;

const OPTIONS = ['--quiet', '--audit-only', '--require-kernel', '--test-tools', '--help'];

function checkMachine() {
  if (process.platform !== 'linux')
    throw new SetupError(`mcp-observer runs on Linux only, not on ${process.platform}.`);
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new SetupError(`Node 20 or newer is needed to set up; this is ${process.version}.`);
}

/** @returns {Promise<string | undefined>} why the kernel part cannot be built */
async function systemPackages(progress) {
  const missing = missingPackages();
  if (missing.length === 0) return progress.present('system packages');
  const command = `apt-get install ${missing.join(' ')}`;
  if (process.getuid() !== 0 || !hasApt()) {
    const how = hasApt() ? `sudo ${command}` : `install what Debian calls ${missing.join(', ')}`;
    return `its build tools are missing; to get them: ${how}`;
  }
  try {
    await progress.step(`system packages: ${missing.join(', ')}`, installPackages);
  } catch (error) {
    progress.failure(error);
    return `its build tools could not be installed; by hand: ${command}`;
  }
  const still = missingPackages();
  return still.length > 0 ? `still missing after the installation: ${still.join(', ')}` : undefined;
}

/** Tests that lack a tool say so; outside CI they are skipped. */
async function testTools(progress) {
  const missing = missingTestPackages();
  if (missing.length === 0) return progress.present('test tools');
  const byHand = `apt-get install ${missing.join(' ')}`;
  if (process.getuid() !== 0 || !hasApt())
    return progress.notice(`test tools are missing; to get them: ${byHand}`);
  try {
    await progress.step(`test tools: ${missing.join(', ')}`, installTestPackages);
  } catch (error) {
    progress.failure(error);
    progress.notice(`test tools could not be installed; by hand: ${byHand}`);
  }
}

async function npmPackages(progress) {
  if (npmPackagesMatch()) progress.present('npm packages');
  else await progress.step('npm packages', installNpmPackages);
  if (nodeBinaryExists()) return;
  const notice = await progress.step('Node binary', repairNodeBinary);
  if (notice !== undefined) progress.notice(notice);
}

/** @returns {Promise<string | undefined>} why there is no kernel part */
async function kernelPart(progress) {
  const script = join(root, 'scripts/build-native.mjs');
  if (!existsSync(script)) return 'this tree has none';
  const { buildNative, nativeIsBuilt } = await import(script);
  if (nativeIsBuilt()) return progress.present('kernel part');
  try {
    await progress.step('kernel part (addon and BPF object)', buildNative);
    return undefined;
  } catch (error) {
    progress.failure(error);
    return 'its build failed';
  }
}

/** @returns {Promise<string | undefined>} why there is no Falco plugin */
async function falcoPlugin(progress) {
  const { buildPlugin, pluginIsBuilt } = await import(join(root, 'scripts/build-plugin.mjs'));
  if (pluginIsBuilt()) return progress.present('Falco plugin');
  try {
    await progress.step('Falco plugin', buildPlugin);
    return undefined;
  } catch (error) {
    progress.failure(error);
    return 'its build failed; records are written all the same';
  }
}

async function typescript(progress) {
  if (typescriptIsBuilt()) progress.present('TypeScript build');
  else await progress.step('TypeScript build', buildTypescript);
}

async function main(args) {
  if (args.includes('--help')) return void process.stdout.write(HELP);
  const unknown = args.find((arg) => !OPTIONS.includes(arg));
  if (unknown !== undefined) {
    process.stderr.write(`unknown option: ${unknown}\n\n${HELP}`);
    process.exitCode = 64;
    return;
  }
  const progress = createProgress({ quiet: args.includes('--quiet') });
  try {
    checkMachine();
    const onWait = (pid) => progress.notice(`waiting for another set-up (process ${pid})`);
    await withLock(join(stateDir, 'lock'), onWait, async () => {
      const noTools = args.includes('--audit-only')
        ? '--audit-only was given'
        : await systemPackages(progress);
      if (args.includes('--test-tools')) await testTools(progress);
      await npmPackages(progress);
      const noKernel = noTools ?? (await kernelPart(progress));
      const noPlugin = args.includes('--audit-only') ? '--audit-only was given' : await falcoPlugin(progress);
      await typescript(progress);
      if (noPlugin !== undefined) progress.notice(`no Falco plugin: ${noPlugin}`);
      if (noKernel === undefined) return;
      progress.notice(`no kernel part, audit mode only: ${noKernel}`);
      if (args.includes('--require-kernel')) throw new SetupError('the kernel part was required.');
    });
  } catch (error) {
    if (error.code === 'EACCES')
      error.message += '\nThis clone belongs to another user: run the set-up as that user.';
    progress.failure(error);
    process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
