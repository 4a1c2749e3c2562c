/**
 * Real clients and servers that only tests use, at pinned versions, in a folder that git ignores.
 * Installed on first use; a stamp makes every later use instant.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const toolsFolder = join(root, 'build/test-tools');
const lockModule = join(root, 'scripts/setup/lock.mjs');
const INSTALL_TIMEOUT_MS = 240_000;

const { withLock } = (await import(lockModule)) as {
  withLock<T>(path: string, onWait: (pid: number) => void, work: () => Promise<T>): Promise<T>;
};
const execute = promisify(execFile);

/** The file to run, or why it can't be had here. */
export type PrivateTool =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path: string; readonly reason: string };

/** The newest Node at hand: some tools need a newer one than the product does. */
export const TOOL_NODE = [join(root, 'node_modules/node/bin/node'), process.execPath].find(existsSync)!;

/** @param entry the file to run, below the tool's folder */
export async function provide(
  name: string,
  spec: string,
  entry: string,
  install: (folder: string) => Promise<void>,
): Promise<PrivateTool> {
  const folder = join(toolsFolder, name);
  const stamp = join(toolsFolder, `${name}.stamp`);
  const path = join(folder, entry);
  const isReady = (): boolean =>
    existsSync(path) && existsSync(stamp) && readFileSync(stamp, 'utf8') === spec;
  if (isReady()) return { path };
  try {
    await withLock(
      join(toolsFolder, `${name}.lock`),
      () => {},
      async () => {
        if (isReady()) return;
        rmSync(stamp, { force: true });
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        await install(folder);
        writeFileSync(stamp, spec);
      },
    );
    return { path };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const reason = `${spec} could not be installed: ${stderr?.trim().split('\n').at(-1) ?? message}`;
    if (process.env.CI) throw new Error(reason, { cause: error });
    console.log(`skipped: ${reason}`);
    return { path, reason };
  }
}

/** A script of an npm package, to be run with {@link TOOL_NODE}. */
export function npmTool(packageName: string, version: string, script: string): Promise<PrivateTool> {
  const spec = `${packageName}@${version}`;
  const entry = join('node_modules', packageName, script);
  return provide(packageName.split('/').at(-1)!, spec, entry, async (folder) => {
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    await execute('npm', ['install', '--prefix', folder, ...options, spec], {
      cwd: folder,
      timeout: INSTALL_TIMEOUT_MS,
    });
  });
}

/** A command of a Python package, in a virtual environment of its own; needs Python 3.10 with venv. */
export function pythonTool(packageName: string, version: string, command: string): Promise<PrivateTool> {
  const spec = `${packageName}==${version}`;
  return provide(packageName, spec, join('bin', command), async (folder) => {
    await execute('python3', ['-c', 'import sys; assert sys.version_info >= (3, 10), "python3 is too old"']);
    await execute('python3', ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS });
    const options = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await execute(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...options, spec], {
      timeout: INSTALL_TIMEOUT_MS,
    });
  });
}
