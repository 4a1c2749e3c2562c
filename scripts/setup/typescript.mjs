/** The TypeScript build, made again when a source's content has changed. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBinary, nodeBinaryExists } from './npm-packages.mjs';
import { root, runCommand, stateDir } from './run-command.mjs';

const stampPath = join(stateDir, 'typescript.stamp');
const dist = join(root, 'dist');

function filesUnder(folder, prefix = '') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(prefix, entry.name);
    return entry.isDirectory() ? filesUnder(join(folder, entry.name), path) : [path];
  });
}

const binFiles = () => Object.values(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin);

function compilerVersion() {
  const path = join(root, 'node_modules/typescript/package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : 'none';
}

function sourceHash() {
  const hash = createHash('sha256').update(compilerVersion());
  const sources = filesUnder(join(root, 'src'))
    .sort()
    .map((path) => join('src', path));
  for (const path of ['tsconfig.json', 'tsconfig.build.json', ...sources]) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

export function typescriptIsBuilt() {
  return (
    existsSync(stampPath) &&
    readFileSync(stampPath, 'utf8') === sourceHash() &&
    binFiles().every((path) => existsSync(join(root, path)))
  );
}

/** What a deleted source left behind would still be imported and shipped. */
function removeLeftovers() {
  for (const path of existsSync(dist) ? filesUnder(dist) : []) {
    const source = path.replace(/(\.d\.ts|\.js)$/, '.ts');
    if (!existsSync(join(root, 'src', source))) rmSync(join(dist, path));
  }
}

export async function buildTypescript() {
  rmSync(stampPath, { force: true });
  const hash = sourceHash();
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const node = nodeBinaryExists() ? nodeBinary : process.execPath;
  await runCommand(node, [compiler, '-p', 'tsconfig.build.json'], { logName: 'tsc' });
  removeLeftovers();
  for (const path of binFiles()) {
    if (existsSync(join(root, path))) chmodSync(join(root, path), 0o755);
  }
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(stampPath, hash);
}
