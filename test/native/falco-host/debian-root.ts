/**
 * Debian packages of another suite, unpacked into a folder and not installed: needs no root, and
 * leaves the machine's own packages alone. The mirror is the one that apt is configured with.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface DebianRootOptions {
  /** Where the packages' files go, as they would go to `/`. */
  readonly folder: string;
  readonly suite: string;
  readonly packageName: string;
  /** With everything that the package needs, its C library too; else the package alone. */
  readonly dependencies: boolean;
}

const execute = promisify(execFile);
const APT_TIMEOUT_MS = 240_000;
const CONFIGURATION = '/etc/apt';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Address of a Debian archive in one-line (`deb URI suite`) or deb822 (`URIs: URI`) sources. */
const ARCHIVE =
  /^(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*(?:\S+\s+)*?)([a-z][a-z0-9+]*:\/?\/?\S*\/debian\/?)(?=\s|$)/m;

/** The first Debian archive that apt is configured with; undefined on another distribution. */
export function findDebianMirror(configuration = CONFIGURATION): string | undefined {
  const parts = join(configuration, 'sources.list.d');
  const files = existsSync(parts)
    ? readdirSync(parts)
        .filter((name) => /\.(list|sources)$/.test(name))
        .sort()
        .map((name) => join(parts, name))
    : [];
  for (const file of [join(configuration, 'sources.list'), ...files]) {
    if (!existsSync(file)) continue;
    const mirror = ARCHIVE.exec(readFileSync(file, 'utf8'))?.[1];
    if (mirror !== undefined) return mirror;
  }
  return undefined;
}

/** Why Debian packages can't be had on this machine, or undefined where they can. */
export function debianUnavailableReason(): string | undefined {
  if (process.arch !== 'x64') return `Debian packages are unpacked for x86-64 only, not ${process.arch}`;
  if (findDebianMirror() === undefined) return 'apt is not configured with a Debian archive';
  if (!existsSync(KEYRING)) return `${KEYRING} is missing (package debian-archive-keyring)`;
  return undefined;
}

/** Rejects with what apt or dpkg said. */
export async function unpackDebianRoot(options: DebianRootOptions): Promise<void> {
  const { folder, suite, packageName, dependencies } = options;
  const apt = `${folder}.apt`;
  const archives = join(apt, 'cache/archives');
  try {
    mkdirSync(join(apt, 'state/lists/partial'), { recursive: true });
    mkdirSync(join(archives, 'partial'), { recursive: true });
    mkdirSync(folder, { recursive: true });
    // An empty status: nothing counts as installed, so that nothing is left out.
    writeFileSync(join(apt, 'status'), '');
    writeFileSync(
      join(apt, 'sources.list'),
      `deb [arch=amd64 signed-by=${KEYRING}] ${findDebianMirror()} ${suite} main\n`,
    );
    const settings = [
      `Dir::Etc::sourcelist=${join(apt, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State=${join(apt, 'state')}`,
      `Dir::State::status=${join(apt, 'status')}`,
      `Dir::Cache=${join(apt, 'cache')}`,
      'APT::Sandbox::User=root',
      'APT::Install-Recommends=0',
      'Acquire::Languages=none',
      'Acquire::Retries=3',
      'Debug::NoLocking=1',
    ].flatMap((setting) => ['-o', setting]);
    const run = (...args: string[]) =>
      execute('apt-get', [...settings, '-qq', ...args], { cwd: archives, timeout: APT_TIMEOUT_MS });
    await run('update');
    if (dependencies) await run('-y', '--download-only', 'install', packageName);
    else await run('download', packageName);
    for (const name of readdirSync(archives).filter((each) => each.endsWith('.deb'))) {
      await execute('dpkg', ['-x', join(archives, name), folder]);
    }
  } finally {
    rmSync(apt, { recursive: true, force: true });
  }
}
