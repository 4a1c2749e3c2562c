/** What the agent and the thread that evaluates its records say to each other. */
import type { WebhookUrl } from '../sinks/alert-webhook.ts';

/** Given to the thread when it starts. */
export interface RuleWorkerData {
  /** Rule files in the order in which they are to be read; they have been checked. */
  readonly sources: readonly { readonly path: string; readonly text: string }[];
  readonly alerts: AlertDestinations;
  readonly userAgent: string;
}

/** Where alerts go, to each that is named. */
export interface AlertDestinations {
  readonly file?: string | undefined;
  readonly stdout?: boolean | undefined;
  readonly webhook?: WebhookUrl | undefined;
}

export type ToRuleWorker =
  /** Whole records, each with its newline; the bytes are handed over. */
  { readonly type: 'batch'; readonly bytes: Uint8Array; readonly lines: number } | { readonly type: 'close' };

export type FromRuleWorker =
  /** A batch is evaluated. */
  | { readonly type: 'done'; readonly bytes: number; readonly lines: number }
  /** For a person; each matter once. */
  | { readonly type: 'trouble'; readonly message: string }
  /** The last message: what was alerted, and what of it did not reach a destination. */
  | { readonly type: 'closed'; readonly alerts: number; readonly lostAlerts: number };
