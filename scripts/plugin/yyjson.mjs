/**
 * The source of the JSON library that the Falco plugin is linked with: a Debian source package of one
 * version, fetched from the mirror that apt is set up with and checked by its digest. Debian 12 has
 * no package of it, and no Debian has a static library. Nothing of it is kept in the tree.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runCommand, SetupError } from '../setup/run-command.mjs';

const VERSION = '0.10.0';
const TARBALL = {
  name: `yyjson_${VERSION}+ds.orig.tar.xz`,
  sha256: 'ae6fde69a193e10afab426ef13f113d6903446405f9db9ee98bfb572bd6c961a',
};
/** Debian's and Ubuntu's places of the package under a mirror's root. */
const POOLS = ['pool/main/y/yyjson', 'pool/universe/y/yyjson'];
const FILES = ['yyjson.c', 'yyjson.h'];
const APT_HELPER = '/usr/lib/apt/apt-helper';

const folder = join(root, `build/deps/yyjson-${VERSION}`);

const holdsSource = (path) => FILES.every((name) => existsSync(join(path, name)));

/** The mirrors of distributions, as apt knows them; updates of their own come last. */
function mirrors() {
  const args = ['indextargets', '--format', '$(REPO_URI)'];
  const { stdout } = spawnSync('apt-get', args, { encoding: 'utf8' });
  const all = [...new Set((stdout ?? '').split('\n').filter((line) => line.includes('://')))];
  return all.sort((a, b) => Number(a.includes('security')) - Number(b.includes('security')));
}

const byHand = `Unpack yyjson ${VERSION} and set YYJSON_SOURCE to the folder with ${FILES.join(' and ')}.`;

/** Resolves to the path of the tarball, its digest checked. */
async function fetchTarball(into) {
  if (!existsSync(APT_HELPER))
    throw new SetupError(`the JSON library comes from apt, which is missing. ${byHand}`);
  const target = join(into, TARBALL.name);
  for (const mirror of mirrors()) {
    for (const pool of POOLS) {
      const url = `${mirror.replace(/\/$/, '')}/${pool}/${TARBALL.name.replaceAll('+', '%2b')}`;
      const args = ['download-file', url, target, `SHA256:${TARBALL.sha256}`];
      if (spawnSync(APT_HELPER, args, { stdio: 'ignore', timeout: 120_000 }).status !== 0) continue;
      const digest = createHash('sha256').update(readFileSync(target)).digest('hex');
      if (digest === TARBALL.sha256) return target;
    }
  }
  throw new SetupError(`no mirror of apt's has ${TARBALL.name}, the JSON library's source. ${byHand}`);
}

/**
 * Resolves to the folder with yyjson.c and yyjson.h. Rejects with a SetupError that says how to get
 * them by hand.
 */
export async function yyjsonSource() {
  const given = process.env.YYJSON_SOURCE;
  if (given) {
    if (holdsSource(given)) return given;
    throw new SetupError(`YYJSON_SOURCE=${given} does not hold ${FILES.join(' and ')}.`);
  }
  if (holdsSource(folder)) return folder;
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const tarball = await fetchTarball(work);
    const wanted = [...FILES.map((name) => `*/src/${name}`), '*/LICENSE'];
    const args = [
      '-xJf',
      tarball,
      '-C',
      work,
      '--wildcards',
      '--no-anchored',
      '--transform',
      's|.*/||',
      ...wanted,
    ];
    await runCommand('tar', args, { logName: 'yyjson' });
    rmSync(tarball);
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}
