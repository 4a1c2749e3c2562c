/**
 * The few values that are read out of a JSON-RPC message, as a tree of keys. Everything else in a
 * message is stepped over without being kept.
 */

interface PathTree {
  readonly [key: string]: PathTree | true;
}

const TREE: PathTree = {
  id: true,
  method: true,
  params: {
    name: true,
    requestId: true,
    cursor: true,
    clientInfo: { name: true, version: true },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': true,
      'io.modelcontextprotocol/clientInfo': { name: true, version: true },
    },
  },
  result: {
    protocolVersion: true,
    serverInfo: { name: true, version: true },
    isError: true,
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: true, version: true } },
  },
  error: { code: true },
};

export interface PathNode {
  /** Index of the node's value in a message head. */
  readonly index: number;
  readonly key: string;
  readonly keyBytes: Uint8Array;
  /** Its value is kept when it is a string, number or literal. */
  readonly leaf: boolean;
  readonly children: readonly PathNode[];
  /** Indexes of everything below: forgotten when the key comes twice (the last one wins). */
  readonly below: readonly number[];
}

const nodes: PathNode[] = [];
const indexByPath = new Map<string, number>();

function build(key: string, path: string, tree: PathTree | true): PathNode {
  const index = nodes.length;
  nodes.push(undefined as never);
  const children =
    tree === true
      ? []
      : Object.entries(tree).map(([name, sub]) => build(name, path === '' ? name : `${path} ${name}`, sub));
  const below = children.flatMap((child) => [child.index, ...child.below]);
  const node = { index, key, keyBytes: Buffer.from(key), leaf: tree === true, children, below };
  nodes[index] = node;
  indexByPath.set(path, index);
  return node;
}

/** The message object itself, index 0. */
export const ROOT: PathNode = build('', '', TREE);
export const NODES: readonly PathNode[] = nodes;

/** Index of the value at a path whose keys are joined by spaces; throws when it is not in the tree. */
export function slot(path: string): number {
  const index = indexByPath.get(path);
  if (index === undefined) throw new Error(`no such path in a message head: ${path}`);
  return index;
}
