/**
 * Rules over the agent's records while they are written, in a thread of its own, so that they never
 * slow what is observed. What the thread has not evaluated yet waits within a bound; what is beyond
 * it goes unevaluated, and is counted and said.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BatchConsumer, LineBatch } from '../sinks/line-batches.ts';
import { LossNotice } from './loss-notice.ts';
import type { FromRuleWorker, RuleWorkerData, ToRuleWorker } from './rule-worker-messages.ts';

export interface InlineRulesOptions {
  readonly data: RuleWorkerData;
  /** Told when records begin to go unevaluated, and again with the rest when that is over. */
  readonly onLoss: (records: number) => void;
  /** Told in words for a person, each matter once. */
  readonly onTrouble: (message: string) => void;
  /** Bytes of records that wait at most. */
  readonly maxQueuedBytes?: number;
  readonly closeTimeoutMs?: number;
  /** The thread's program. */
  readonly worker?: URL;
}

const DEFAULT_MAX_QUEUED_BYTES = 32 << 20;
/** Longer than a web server that takes the last alerts may need. */
const DEFAULT_CLOSE_TIMEOUT_MS = 5_000;
const WORKER_HEAP_MB = 512;
/** The same program from src/ and from dist/. */
const WORKER = new URL(`./rule-worker${extname(import.meta.filename)}`, import.meta.url);

export class InlineRules implements BatchConsumer {
  readonly isWanted = true;
  readonly #options: InlineRulesOptions;
  readonly #worker: Worker;
  readonly #loss: LossNotice;
  readonly #ended = Promise.withResolvers<void>();
  #queuedBytes = 0;
  #queuedLines = 0;
  #lost = 0;
  #isLossTold = false;
  #isDead = false;
  #isClosing = false;
  #alerts = 0;
  #lostAlerts = 0;

  constructor(options: InlineRulesOptions) {
    this.#options = options;
    this.#loss = new LossNotice((records) => this.#onLoss(records));
    this.#worker = new Worker(options.worker ?? WORKER, {
      workerData: options.data,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
    });
    this.#worker.on('message', (message: FromRuleWorker) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onEnd(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => this.#onEnd('its thread ended'));
  }

  /** Records that were not evaluated so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Alerts in all; known after {@link close}. */
  get alerts(): number {
    return this.#alerts;
  }

  /** Alerts that did not reach a destination; known after {@link close}. */
  get lostAlerts(): number {
    return this.#lostAlerts;
  }

  take({ bytes, lines }: LineBatch): void {
    const maxQueuedBytes = this.#options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES;
    if (this.#isDead || this.#queuedBytes + bytes.length > maxQueuedBytes) {
      this.#loss.lose(lines);
      return;
    }
    this.#queuedBytes += bytes.length;
    this.#queuedLines += lines;
    const copy = new Uint8Array(bytes);
    this.#post({ type: 'batch', bytes: copy, lines }, copy.buffer);
  }

  /** Evaluates what waits and delivers its alerts, for some seconds at most. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#isDead) this.#post({ type: 'close' });
    const timer = setTimeout(
      () => this.#ended.resolve(),
      this.#options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
    );
    await this.#ended.promise;
    clearTimeout(timer);
    this.#isDead = true;
    await this.#worker.terminate();
    this.#loss.lose(this.#queuedLines);
    this.#queuedLines = 0;
    this.#loss.end();
  }

  #post(message: ToRuleWorker, ...transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer);
  }

  #onMessage(message: FromRuleWorker): void {
    switch (message.type) {
      case 'done':
        this.#queuedBytes -= message.bytes;
        this.#queuedLines -= message.lines;
        if (this.#queuedBytes === 0) this.#loss.end();
        break;
      case 'trouble':
        this.#options.onTrouble(message.message);
        break;
      case 'closed':
        this.#alerts = message.alerts;
        this.#lostAlerts = message.lostAlerts;
        this.#ended.resolve();
    }
  }

  #onEnd(why: string): void {
    this.#ended.resolve();
    if (this.#isDead) return;
    this.#isDead = true;
    if (!this.#isClosing) this.#options.onTrouble(`rules are not evaluated any more: ${why}`);
    this.#loss.lose(this.#queuedLines);
    this.#queuedLines = 0;
    this.#queuedBytes = 0;
  }

  #onLoss(records: number): void {
    this.#lost += records;
    if (!this.#isLossTold && !this.#isDead) {
      this.#isLossTold = true;
      this.#options.onTrouble('rules do not keep up with the records; some records are not evaluated');
    }
    this.#options.onLoss(records);
  }
}
