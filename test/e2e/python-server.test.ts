/**
 * A real Python server that answers from worker threads and shells out. Git itself tells which of its
 * processes ran in which call (GIT_TRACE2_EVENT), so that the records have something to be measured by.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallRecord, McpRecord } from '../../src/record/record.gen.ts';
import { kernelUnavailableReason } from '../kernel-available.ts';
import { callsOf, effectsOf, isAlive, OBSERVER, readRecords, temporaryFolder } from './harness.ts';
import { pythonTool } from './private-tools.ts';

const server = await pythonTool('mcp-server-git', '2026.10.19', 'mcp-server-git');
const noKernel = kernelUnavailableReason();

/** No configuration but the repository's own, and the same commit ids each time. */
const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '1767323045 +0000',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_COMMITTER_DATE: '1767323045 +0000',
};

interface GitProcess {
  readonly pid: number;
  readonly argv: readonly string[];
}

interface Step {
  readonly tool: string;
  readonly text: string;
  readonly isError: boolean;
  /** What git says ran while the call was open. */
  readonly git: readonly GitProcess[];
}

let folder: ReturnType<typeof temporaryFolder>;
let repository: string;
let gitTraces: string;

const CALLS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['git_status', {}],
  ['git_log', { max_count: 5 }],
  ['git_diff_unstaged', {}],
  ['git_add', { files: ['changed.txt', 'new.txt'] }],
  ['git_diff_staged', {}],
  ['git_commit', { message: 'Second' }],
  ['git_show', { revision: 'HEAD' }],
  ['git_create_branch', { branch_name: 'topic' }],
  ['git_checkout', { branch_name: 'topic' }],
  ['git_diff', { target: 'no-such-branch' }],
  ['git_branch', { branch_type: 'local' }],
  ['git_status', {}],
];

function makeRepository(): void {
  rmSync(repository, { recursive: true, force: true });
  mkdirSync(repository);
  const git = (...args: string[]): void => {
    const options = ['-c', 'init.defaultBranch=main', '-c', 'commit.gpgSign=false'];
    execFileSync('git', [...options, ...args], { cwd: repository, env: { ...process.env, ...GIT_ENV } });
  };
  git('init', '--quiet');
  writeFileSync(join(repository, 'changed.txt'), 'before\n');
  git('add', 'changed.txt');
  git('commit', '--quiet', '--message', 'First');
  writeFileSync(join(repository, 'changed.txt'), 'after\n');
  writeFileSync(join(repository, 'new.txt'), 'new\n');
}

/** What git told since the last time: each of its processes writes a file, named by time and pid. */
function takeGitProcesses(): GitProcess[] {
  return readdirSync(gitTraces).map((name) => {
    const path = join(gitTraces, name);
    const events = readFileSync(path, 'utf8').trimEnd().split('\n');
    rmSync(path);
    const start = events.map((line) => JSON.parse(line)).find(({ event }) => event === 'start');
    return { pid: Number.parseInt(/-P([0-9a-f]{8})$/.exec(name)![1]!, 16), argv: start.argv };
  });
}

/** One session with all the calls, one after the other. */
async function drive(
  command: string,
  args: readonly string[],
): Promise<{ steps: Step[]; atStart: GitProcess[] }> {
  makeRepository();
  rmSync(gitTraces, { recursive: true, force: true });
  mkdirSync(gitTraces);
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...GIT_ENV, GIT_TRACE2_EVENT: gitTraces },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '1' });
  const steps: Step[] = [];
  let atStart: GitProcess[];
  try {
    await client.connect(transport);
    await client.listTools();
    atStart = takeGitProcesses();
    for (const [tool, given] of CALLS) {
      const answer = await client.callTool({ name: tool, arguments: { repo_path: repository, ...given } });
      const text = (answer.content as { text: string }[]).map((part) => part.text).join('\n');
      steps.push({ tool, text, isError: answer.isError === true, git: takeGitProcesses() });
    }
  } finally {
    await client.close();
  }
  return { steps, atStart };
}

const withoutGit = (steps: readonly Step[]): object[] => steps.map(({ git: _, ...said }) => said);

describe.skipIf(server.reason !== undefined)('mcp-server-git under the SDK client', () => {
  let direct: Step[];
  let traced: Step[];
  let atStart: GitProcess[];
  let records: McpRecord[];
  let calls: CallRecord[];

  beforeAll(async () => {
    folder = temporaryFolder();
    repository = join(folder.path, 'repository');
    gitTraces = join(folder.path, 'git-traces');
    const out = join(folder.path, 'records.jsonl');
    const serve = [server.path, '--repository', repository];
    direct = (await drive(serve[0]!, serve.slice(1))).steps;
    ({ steps: traced, atStart } = await drive(process.execPath, [
      OBSERVER,
      'trace',
      '--out',
      out,
      '--',
      ...serve,
    ]));
    records = readRecords(out);
    calls = callsOf(records).filter(({ method }) => method === 'tools/call');
  });
  afterAll(() => folder.remove());

  it('answers as it does untraced', () => {
    expect(withoutGit(traced)).toEqual(withoutGit(direct));
    expect(traced.filter(({ isError }) => isError).map(({ tool }) => tool)).toEqual(['git_diff']);
    expect(traced[0]!.text).toContain('modified:   changed.txt');
    expect(traced[6]!.text).toContain('+after');
    expect(isAlive(calls[0]!.server_pid!)).toBe(false);
  });

  it('has exactly its calls on record', () => {
    expect(calls.map(({ tool_name, outcome }) => [tool_name, outcome])).toEqual(
      traced.map(({ tool, isError }) => [tool, isError ? 'tool_error' : 'ok']),
    );
  });

  it.skipIf(noKernel !== undefined)('kernel: each git process belongs to the call that ran it', () => {
    // What git_diff was given is no revision, and it finds that out by itself.
    expect(traced.filter(({ git }) => git.length === 0).map(({ tool }) => tool)).toEqual(['git_diff']);
    const expected = traced.flatMap(({ tool, git }, i) =>
      git.map(({ pid, argv }) => ({
        pid,
        exec_args: argv,
        call_id: calls[i]!.call_id,
        tool_name: tool,
        attribution: 'descendant',
        coverage: 'full',
        result: 'ok',
      })),
    );
    const byPid = (a: { pid: number }, b: { pid: number }): number => a.pid - b.pid;
    const execs = effectsOf(records).filter(({ effect }) => effect === 'exec');
    const inCalls = execs.filter(({ method }) => method === 'tools/call');
    expect(inCalls.sort(byPid)).toMatchObject(expected.sort(byPid));
    expect(inCalls.filter(({ path }) => basename(path!) !== 'git')).toEqual([]);
    const elsewhere = execs.filter((exec) => !inCalls.includes(exec) && exec.exec_args?.[0] === 'git');
    expect(elsewhere.map(({ pid }) => pid).sort()).toEqual(atStart.map(({ pid }) => pid).sort());
  });

  it.skipIf(noKernel !== undefined)("kernel: the calls' own counts agree with the effects", () => {
    expect(calls.map(({ exec_count, coverage }) => [exec_count, coverage])).toEqual(
      traced.map(({ git }) => [git.length, 'full']),
    );
    const commit = calls.find(({ tool_name }) => tool_name === 'git_commit')!;
    expect(commit.written_paths!.some((path) => path.startsWith(join(repository, '.git/objects/')))).toBe(
      true,
    );
    // Declared read-only, yet git refreshes its index.
    expect(calls[0]).toMatchObject({ declared_read_only: true, contradictions: ['read_only_wrote'] });
    expect(calls[0]!.written_paths).toContain(join(repository, '.git/index.lock'));
  });
});
