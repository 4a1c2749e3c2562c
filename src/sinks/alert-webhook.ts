/**
 * Alerts to a web server, in the shape of Falco's http_output: one POST an alert, its JSON as the
 * body; falcosidekick takes it as it is. Alerts go out one at a time, in order. While the server
 * cannot be reached they wait within a bound; what is beyond it is counted. An alert whose answer
 * was lost is sent again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ObserverError } from '../base/errors.ts';
import type { LineSink } from './line-sink.ts';

export interface AlertWebhookOptions {
  readonly url: WebhookUrl;
  readonly userAgent: string;
  /** Told once, in words for a person, when an alert is not taken. */
  readonly onTrouble: (message: string) => void;
  readonly maxQueuedAlerts?: number;
  readonly maxQueuedBytes?: number;
  /** For one try, the answer included. */
  readonly timeoutMs?: number;
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  /** Tries of an alert that the server answers with an error of its own (5xx, 408, 429). */
  readonly maxTries?: number;
  /** How long {@link AlertWebhook.close} goes on delivering. */
  readonly closeTimeoutMs?: number;
}

/** Where to, and what proves that we may; neither path nor credentials belong in a message. */
export interface WebhookUrl {
  readonly href: string;
  readonly authorization: string | undefined;
  /** Scheme, host and port, for messages: the path may be a secret. */
  readonly origin: string;
}

const DEFAULTS = {
  maxQueuedAlerts: 10_000,
  maxQueuedBytes: 8 << 20,
  timeoutMs: 5_000,
  firstRetryMs: 500,
  maxRetryMs: 30_000,
  maxTries: 5,
  closeTimeoutMs: 2_000,
};

/** @throws ObserverError USAGE; the text is not repeated, for it may hold a secret */
export function parseWebhookUrl(text: string, name: string): WebhookUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new ObserverError('USAGE', `${name} needs an http:// or https:// address`);
  }
  const credentials = `${decode(url.username)}:${decode(url.password)}`;
  url.username = '';
  url.password = '';
  url.hash = '';
  return {
    href: url.href,
    authorization:
      credentials === ':' ? undefined : `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`,
    origin: url.origin,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What became of one try. */
type Answer = { readonly kind: 'taken' } | { readonly kind: 'refused' | 'later' | 'unreached'; why: string };

export class AlertWebhook implements LineSink {
  readonly #options: Required<AlertWebhookOptions>;
  readonly #headers: Record<string, string>;
  readonly #queue: string[] = [];
  readonly #aborter = new AbortController();
  #queuedBytes = 0;
  #lost = 0;
  #isTroubleTold = false;
  #isClosing = false;
  #delivery: Promise<void> | undefined;

  constructor(options: AlertWebhookOptions) {
    this.#options = { ...DEFAULTS, ...options };
    const { authorization } = options.url;
    this.#headers = {
      'content-type': 'application/json',
      'user-agent': options.userAgent,
      ...(authorization === undefined ? {} : { authorization }),
    };
  }

  get lost(): number {
    return this.#lost;
  }

  write(alert: string): void {
    const bytes = Buffer.byteLength(alert);
    const { maxQueuedAlerts, maxQueuedBytes } = this.#options;
    const isFull = this.#queue.length >= maxQueuedAlerts || this.#queuedBytes + bytes > maxQueuedBytes;
    if (this.#isClosing || isFull) {
      this.#lost++;
      this.#tell('too many alerts wait');
      return;
    }
    this.#queue.push(alert);
    this.#queuedBytes += bytes;
    this.#delivery ??= this.#deliver();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const timer = setTimeout(() => this.#aborter.abort(), this.#options.closeTimeoutMs);
    await this.#delivery;
    clearTimeout(timer);
    this.#lost += this.#queue.length;
    this.#queue.length = 0;
  }

  /** Runs until nothing waits. */
  async #deliver(): Promise<void> {
    const { signal } = this.#aborter;
    let pauses = 0;
    let errors = 0;
    while (this.#queue.length > 0) {
      const answer = await this.#post(this.#queue[0]!);
      if (answer.kind !== 'taken') {
        if (signal.aborted) break;
        this.#tell(answer.why);
        if (answer.kind === 'later') errors++;
        if (answer.kind === 'unreached' || (answer.kind === 'later' && errors < this.#options.maxTries)) {
          await this.#pause(pauses++);
          continue;
        }
        this.#lost++;
      }
      pauses = 0;
      errors = 0;
      this.#queuedBytes -= Buffer.byteLength(this.#queue.shift()!);
    }
    this.#delivery = undefined;
  }

  async #post(alert: string): Promise<Answer> {
    const { url, timeoutMs } = this.#options;
    try {
      const response = await fetch(url.href, {
        method: 'POST',
        headers: this.#headers,
        body: alert,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#aborter.signal]),
      });
      await response.body?.cancel();
      const { status } = response;
      if (status >= 200 && status < 300) return { kind: 'taken' };
      const why = `it answers with status ${status}`;
      if (status >= 500 || status === 408 || status === 429) return { kind: 'later', why };
      const isRedirect = status >= 300 && status < 400;
      return { kind: 'refused', why: isRedirect ? `${why}, and redirects are not followed` : why };
    } catch (error) {
      return { kind: 'unreached', why: describe(error, timeoutMs) };
    }
  }

  /** Longer each time; over at once when what waits is given up. */
  async #pause(pauses: number): Promise<void> {
    const { firstRetryMs, maxRetryMs } = this.#options;
    const delayMs = Math.min(firstRetryMs * 2 ** Math.min(pauses, 20), maxRetryMs);
    await sleep(delayMs, undefined, { signal: this.#aborter.signal }).catch(() => {});
  }

  #tell(why: string): void {
    if (this.#isTroubleTold) return;
    this.#isTroubleTold = true;
    this.#options.onTrouble(`cannot deliver alerts to ${this.#options.url.origin}: ${why}`);
  }
}

function describe(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `no answer in ${timeoutMs} ms`;
  return typeof cause?.code === 'string' ? cause.code : 'the connection failed';
}
