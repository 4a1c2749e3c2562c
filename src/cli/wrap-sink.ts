/** Where the wrapper's edges go, as --sink says. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ObserverError } from '../base/errors.ts';
import type { ObserverState } from '../jsonrpc/session-records.ts';
import type { AuditEdge, EdgeSink } from '../record/audit-edge.ts';
import { AgentLink } from '../sinks/agent-link.ts';
import { JsonlFile } from '../sinks/jsonl-file.ts';
import { RecordWriter } from '../sinks/record-writer.ts';
import { agentSockets, statePaths } from './paths.ts';

export interface WrapSinkOptions {
  /** As the user gave it; undefined: the agent if one answers, else a file in the state folder. */
  readonly sink: string | undefined;
  readonly hello: {
    readonly pid: number;
    readonly sessionId: string;
    readonly clientProcess: string;
    readonly serverName: string;
  };
  readonly onTrouble: (trouble: ObserverError) => void;
}

export interface WrapSink extends EdgeSink {
  /** Has to be awaited before the server is spawned and before the first edge. */
  open(): Promise<void>;
  onSpawned(serverPid: number): void;
  observer(): ObserverState;
  readonly lost: number;
  /** Records take our stdout: the server's output has to go elsewhere. */
  readonly ownsStdout: boolean;
  flushSync(): void;
}

export const STDOUT_SINK = 'stdout';
const UNIX = 'unix:';
const NO_AGENT: ObserverState = { mode: 'audit', reason: 'no agent takes part: only calls are recorded' };

export function createWrapSink(options: WrapSinkOptions): WrapSink {
  const { sink, hello } = options;
  const noSink = (message: string): void => options.onTrouble(new ObserverError('SINK_UNAVAILABLE', message));
  const noAgent = (message: string): void =>
    options.onTrouble(new ObserverError('AGENT_UNREACHABLE', message));
  let link: AgentLink | undefined;
  let file: JsonlFile | undefined;
  let edges: EdgeSink | undefined;

  const useFile = (target: string | number): void => {
    file = new JsonlFile({ target, onTrouble: noSink });
    edges = new RecordWriter(file);
  };
  const useLink = (candidate: AgentLink): void => {
    link = candidate;
    edges = candidate;
  };
  const useDefault = async (): Promise<void> => {
    for (const path of agentSockets().filter((candidate) => existsSync(candidate))) {
      let isChosen = false;
      const candidate = new AgentLink({
        path,
        hello,
        onTrouble: (message) => {
          if (isChosen) noAgent(message);
        },
      });
      isChosen = await candidate.connect();
      if (isChosen) return useLink(candidate);
      await candidate.close();
    }
    useFile(join(statePaths().stateFolder, 'records.jsonl'));
  };

  return {
    ownsStdout: sink === STDOUT_SINK,
    async open() {
      if (sink === undefined) await useDefault();
      else if (sink === STDOUT_SINK) useFile(1);
      else if (!sink.startsWith(UNIX)) useFile(sink);
      else {
        useLink(new AgentLink({ path: sink.slice(UNIX.length), hello, onTrouble: noAgent }));
        await link?.connect();
      }
    },
    onSpawned: (serverPid) => link?.setServerPid(serverPid),
    observer: () => link?.state ?? NO_AGENT,
    get lost() {
      return (link?.lost ?? 0) + (file?.lost ?? 0);
    },
    push: (edge: AuditEdge) => edges?.push(edge),
    close: async () => edges?.close(),
    flushSync: () => file?.flushSync(),
  };
}
