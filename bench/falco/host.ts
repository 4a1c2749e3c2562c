/** Plugins under sysdig, Falco's libraries without Falco, in turn over the same records. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideSysdig, type Sysdig } from '../../test/native/falco-host/sysdig.ts';
import { writeRecords } from './records.ts';

const root = join(import.meta.dirname, '../..');

export interface Plugin {
  readonly name: string;
  readonly path: string;
}

export class FalcoBench {
  readonly #folder: string;
  readonly #sysdig: Sysdig;
  readonly #records: string;
  readonly #oneRecord: string;
  readonly #count: number;

  private constructor(sysdig: Sysdig, count: number) {
    this.#sysdig = sysdig;
    this.#count = count;
    // In memory where possible, so that no disk has a part in what is measured.
    this.#folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mcp-observer-bench-'));
    this.#records = join(this.#folder, 'records.jsonl');
    this.#oneRecord = join(this.#folder, 'one.jsonl');
    writeRecords(this.#records, count);
    writeRecords(this.#oneRecord, 1);
  }

  static async open(count: number): Promise<FalcoBench> {
    const sysdig = await provideSysdig();
    if ('reason' in sysdig) throw new Error(sysdig.reason);
    return new FalcoBench(sysdig, count);
  }

  /** `bench/native/no-parse-plugin.cc`, compiled for the time of the bench. */
  buildNoParsePlugin(): Plugin {
    const path = join(this.#folder, 'no-parse.so');
    const source = join(root, 'bench/native/no-parse-plugin.cc');
    const include = `-I${join(root, 'native/plugin')}`;
    const flags = ['-std=c++17', '-O2', '-shared', '-fPIC', '-fvisibility=hidden', include];
    execFileSync('g++', [...flags, '-o', path, source]);
    return { name: 'no_parse', path };
  }

  /** Throws where the plugin does not deliver every record: one that stops early would be fast. */
  async checkCount(plugin: Plugin): Promise<void> {
    const last = await this.#run(plugin, `evt.num=${this.#count}`, this.#records);
    const beyond = await this.#run(plugin, `evt.num>${this.#count}`, this.#records);
    if (last.split('\n').length === 2 && beyond === '') return;
    throw new Error(`${plugin.name} does not deliver ${this.#count} events`);
  }

  /** Events a second with a filter that selects none, the host's start not counted. */
  async eventsPerSecond(plugin: Plugin, filter: string): Promise<number> {
    const startMs = await this.#elapsedMs(plugin, filter, this.#oneRecord);
    const allMs = await this.#elapsedMs(plugin, filter, this.#records);
    return (this.#count - 1) / ((allMs - startMs) / 1_000);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  async #elapsedMs(plugin: Plugin, filter: string, records: string): Promise<number> {
    const before = performance.now();
    const selected = await this.#run(plugin, filter, records);
    const elapsedMs = performance.now() - before;
    if (selected !== '') throw new Error(`"${filter}" selects events`);
    return elapsedMs;
  }

  async #run(plugin: Plugin, filter: string, records: string): Promise<string> {
    const args = ['-H', plugin.path, '-I', `${plugin.name}:${records}`, filter];
    const { status, stdout, stderr } = await this.#sysdig.run(args);
    if (status === 0 && stderr === '') return stdout;
    throw new Error(`sysdig ended with ${status} and said: ${stderr.slice(0, 500)}`);
  }
}
