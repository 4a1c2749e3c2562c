/** The C programs of the kernel bench, compiled for the time of one run. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export class NativeBench {
  /** In memory where possible, so that no disk has a part in what is measured. */
  readonly folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kernel-bench-'));
  /** Programs can't be run from everywhere. */
  readonly #programs = mkdtempSync(join(tmpdir(), 'kernel-bench-'));

  /** Path of the compiled `bench/native/NAME.c`. */
  program(name: string): string {
    const path = join(this.#programs, name);
    if (existsSync(path)) return path;
    const source = join(root, 'bench/native', `${name}.c`);
    execFileSync('gcc', ['-O2', '-Wall', `-I${join(root, 'bpf')}`, '-o', path, source, '-lbpf']);
    return path;
  }

  /** A file that a generator writes to. */
  get target(): string {
    return join(this.folder, 'target');
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
    rmSync(this.#programs, { recursive: true });
  }
}
