/** What is kept of one JSON-RPC message: who it is, never what it carries. */
import { NODES, slot } from './message-paths.ts';

/** Stands for a value that is there but not kept: an object, an array, or text where a tree was expected. */
export const PRESENT: unique symbol = Symbol('present');

export type HeadValue = string | number | boolean | null | typeof PRESENT | undefined;

/** A JSON-RPC id: the string "1" and the number 1 are two ids. */
export type RpcId = string | number;

export type MessageKind = 'request' | 'notification' | 'response' | 'invalid' | 'other';

const ID = slot('id');
const METHOD = slot('method');
const RESULT = slot('result');
const ERROR = slot('error');
const ERROR_CODE = slot('error code');
const IS_ERROR = slot('result isError');
const NAME = slot('params name');
const REQUEST_ID = slot('params requestId');
const CURSOR = slot('params cursor');

const PROTOCOL_ENVELOPE = slot('params _meta io.modelcontextprotocol/protocolVersion');
const PROTOCOL_AGREED = slot('result protocolVersion');
const CLIENT = [slot('params clientInfo name'), slot('params clientInfo version')] as const;
const CLIENT_ENVELOPE = [
  slot('params _meta io.modelcontextprotocol/clientInfo name'),
  slot('params _meta io.modelcontextprotocol/clientInfo version'),
] as const;
const SERVER = [slot('result serverInfo name'), slot('result serverInfo version')] as const;
const SERVER_ENVELOPE = [
  slot('result _meta io.modelcontextprotocol/serverInfo name'),
  slot('result _meta io.modelcontextprotocol/serverInfo version'),
] as const;

const NOTHING: readonly HeadValue[] = new Array(NODES.length).fill(undefined);

export interface Implementation {
  readonly name: string;
  readonly version: string | undefined;
}

export class MessageHead {
  readonly values: HeadValue[] = NOTHING.slice();
  /** The id's digits as they stand in the message, where it is a number. */
  idDigits = '';
  /** Length of the message in bytes, without its line end. */
  bytes = 0;
  /** False for a JSON value that is not an object. */
  isObject = false;
  /** Nodes seen so far, one bit each. */
  seen = 0;

  reset(): void {
    for (let i = 0; i < this.values.length; i++) this.values[i] = undefined;
    this.idDigits = '';
    this.bytes = 0;
    this.isObject = false;
    this.seen = 0;
  }

  /**
   * `invalid` is a method with an id that is neither a string nor a number: no answer to it can be
   * paired, but a lenient receiver may act on it. `other` is no JSON-RPC message at all. The
   * `jsonrpc` member is not asked for, since not every receiver does.
   */
  kind(): MessageKind {
    if (!this.isObject) return 'other';
    const method = this.values[METHOD];
    if (typeof method === 'string') {
      const id = this.values[ID];
      if (typeof id === 'string' || typeof id === 'number') return 'request';
      return id === undefined ? 'notification' : 'invalid';
    }
    if (method !== undefined) return 'other';
    const answered = this.values[RESULT] !== undefined || this.values[ERROR] !== undefined;
    return answered && this.values[ID] !== undefined ? 'response' : 'other';
  }

  get id(): RpcId | undefined {
    return idOf(this.values[ID]);
  }

  /** The id as text: digits as sent for an integer, the shortest form for another number. */
  get idText(): string | undefined {
    const id = this.values[ID];
    if (typeof id === 'string') return id;
    if (typeof id !== 'number') return undefined;
    return /^-?\d+$/.test(this.idDigits) ? this.idDigits : String(id);
  }

  get method(): string {
    return textOf(this.values[METHOD]) ?? '';
  }

  get toolName(): string | undefined {
    return textOf(this.values[NAME]);
  }

  /** The request that a notifications/cancelled is about. */
  get cancelledId(): RpcId | undefined {
    return idOf(this.values[REQUEST_ID]);
  }

  get hasCursor(): boolean {
    return this.values[CURSOR] !== undefined && this.values[CURSOR] !== null;
  }

  get hasError(): boolean {
    return this.values[ERROR] !== undefined && this.values[ERROR] !== null;
  }

  get errorCode(): string | undefined {
    const code = this.values[ERROR_CODE];
    return typeof code === 'number' || typeof code === 'string' ? String(code) : undefined;
  }

  get isToolError(): boolean {
    return this.values[IS_ERROR] === true;
  }

  /** The protocol version that the message's own envelope names (2026-07-28 and later). */
  get envelopeProtocol(): string | undefined {
    return textOf(this.values[PROTOCOL_ENVELOPE]);
  }

  /** From the answer to an initialize. */
  get agreedProtocol(): string | undefined {
    return textOf(this.values[PROTOCOL_AGREED]);
  }

  /** From an initialize. */
  get client(): Implementation | undefined {
    return this.#implementation(CLIENT);
  }

  get envelopeClient(): Implementation | undefined {
    return this.#implementation(CLIENT_ENVELOPE);
  }

  /** From the answer to an initialize. */
  get server(): Implementation | undefined {
    return this.#implementation(SERVER);
  }

  get envelopeServer(): Implementation | undefined {
    return this.#implementation(SERVER_ENVELOPE);
  }

  #implementation([nameAt, versionAt]: readonly [number, number]): Implementation | undefined {
    const name = textOf(this.values[nameAt]);
    return name === undefined ? undefined : { name, version: textOf(this.values[versionAt]) };
  }
}

function idOf(value: HeadValue): RpcId | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function textOf(value: HeadValue): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
