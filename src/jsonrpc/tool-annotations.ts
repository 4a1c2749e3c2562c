/** What a server declares of its tools in the answers to tools/list. */
import type { RpcId } from './message-head.ts';

export interface ToolAnnotations {
  readonly readOnly: boolean | undefined;
  readonly destructive: boolean | undefined;
  readonly idempotent: boolean | undefined;
  readonly openWorld: boolean | undefined;
}

const MAX_TOOLS = 10_000;
const MAX_NAME_LENGTH = 1024;

export class ToolCatalog {
  readonly #tools = new Map<string, ToolAnnotations>();

  get(name: string): ToolAnnotations | undefined {
    return this.#tools.get(name);
  }

  /**
   * Learns from the line that holds the answer to the tools/list with this id. The first page of a
   * list replaces what was known: until the client lists again it acts on what it knew, and so do we.
   */
  learn(line: string, id: RpcId, firstPage: boolean): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return;
    }
    if (Array.isArray(message)) message = message.find((element) => member(element, 'id') === id);
    const tools = member(member(message, 'result'), 'tools');
    if (!Array.isArray(tools)) return;
    if (firstPage) this.#tools.clear();
    for (const tool of tools as unknown[]) {
      const name = member(tool, 'name');
      if (typeof name !== 'string' || name.length > MAX_NAME_LENGTH) continue;
      if (this.#tools.size >= MAX_TOOLS) return;
      const annotations = member(tool, 'annotations');
      if (typeof annotations !== 'object' || annotations === null) continue;
      this.#tools.set(name, {
        readOnly: flag(annotations, 'readOnlyHint'),
        destructive: flag(annotations, 'destructiveHint'),
        idempotent: flag(annotations, 'idempotentHint'),
        openWorld: flag(annotations, 'openWorldHint'),
      });
    }
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function flag(value: object, key: string): boolean | undefined {
  const hint = (value as Record<string, unknown>)[key];
  return typeof hint === 'boolean' ? hint : undefined;
}
