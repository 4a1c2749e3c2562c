/** The npm packages, and the Node binary among them that the scripts run on. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binDir, machinePath, root, runCommand, SetupError } from './run-command.mjs';

const MIN_NODE_MAJOR = 22;
export const nodeBinary = join(binDir, 'node');

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** Compares what is installed with what the lock file says, entry by entry. */
export function npmPackagesMatch() {
  const locked = readPackages(join(root, 'package-lock.json')) ?? {};
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  // Optional packages for other machines, and what those need, are locked and never installed.
  const own = locked['']?.optionalDependencies ?? {};
  const mayBeAbsent = (path) => locked[path].optional && !(path.replace('node_modules/', '') in own);
  return Object.keys(locked).every(
    (path) =>
      path === '' || (installed[path] ? installed[path].version === locked[path].version : mayBeAbsent(path)),
  );
}

/** Without the tools of an older node_modules in PATH: npm is about to delete them. */
const npmEnv = () => ({ PATH: machinePath() });

export const installNpmPackages = () =>
  runCommand('npm', ['ci', '--no-audit', '--no-fund'], { logName: 'npm-ci', env: npmEnv() });

function majorOf(command) {
  const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0);
}

export const nodeBinaryExists = () => existsSync(nodeBinary);

/**
 * The package "node" fetches the binary in an install script, which npm may be set not to run.
 * @returns {Promise<string | undefined>} a notice when the machine's own Node has to do
 */
export async function repairNodeBinary() {
  if (majorOf(nodeBinary) >= MIN_NODE_MAJOR) return undefined;
  let failure;
  try {
    await runCommand('npm', ['rebuild', 'node', '--ignore-scripts=false'], {
      logName: 'npm-rebuild-node',
      env: npmEnv(),
    });
  } catch (error) {
    failure = error;
  }
  if (majorOf(nodeBinary) >= MIN_NODE_MAJOR) return undefined;
  if (majorOf(process.execPath) >= MIN_NODE_MAJOR) {
    return `the npm package "node" brought no binary; the scripts use this machine's Node ${process.version}`;
  }
  throw new SetupError(
    `Node ${MIN_NODE_MAJOR} or newer is needed (this is ${process.version}), and the npm package "node" brought none; ` +
      'allow its install script ("npm rebuild node --ignore-scripts=false") or install a newer Node.',
    failure?.details,
  );
}
