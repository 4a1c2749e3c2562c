/** Where the agent listens and where records lie, for this user. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface StatePaths {
  readonly stateFolder: string;
  readonly socketPath: string;
}

const SYSTEM: StatePaths = {
  stateFolder: '/var/lib/mcp-observer',
  socketPath: '/run/mcp-observer/agent.sock',
};

/** MCP_OBSERVER_STATE_DIR names one folder for everything, before all else. */
export function statePaths(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  uid: number = process.getuid?.() ?? 0,
): StatePaths {
  const { MCP_OBSERVER_STATE_DIR: own, XDG_STATE_HOME: stateHome, XDG_RUNTIME_DIR: runtime } = env;
  if (own) return { stateFolder: own, socketPath: join(own, 'agent.sock') };
  if (uid === 0) return SYSTEM;
  const stateFolder = join(stateHome || join(env.HOME || homedir(), '.local', 'state'), 'mcp-observer');
  const socketPath = runtime ? join(runtime, 'mcp-observer', 'agent.sock') : join(stateFolder, 'agent.sock');
  return { stateFolder, socketPath };
}

/** Sockets where an agent may listen that takes this user's producers, the likeliest first. */
export function agentSockets(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  uid: number = process.getuid?.() ?? 0,
): string[] {
  const { socketPath } = statePaths(env, uid);
  if (env.MCP_OBSERVER_STATE_DIR || socketPath === SYSTEM.socketPath) return [socketPath];
  return [socketPath, SYSTEM.socketPath];
}
