/** When events were lost, or judged without knowing everything: what makes coverage partial. */

interface Loss {
  readonly fromNs: number;
  toNs: number;
  readonly reason: string;
}

/** Windows kept; close ones of the same reason are merged, so a long flood is one window. */
const MAX_WINDOWS = 1_024;
const MERGE_GAP_NS = 50e6;
/** Reports of different sources may come this much out of order. */
const ORDER_SLACK_NS = 2e9;

export class LossLedger {
  readonly #windows: Loss[] = [];

  get empty(): boolean {
    return this.#windows.length === 0;
  }

  add(fromNs: number, toNs: number, reason: string): void {
    const last = this.#windows.findLast((window) => window.reason === reason);
    if (last !== undefined && fromNs - last.toNs <= MERGE_GAP_NS && fromNs >= last.fromNs) {
      last.toNs = Math.max(last.toNs, toNs);
      return;
    }
    if (this.#windows.length >= MAX_WINDOWS) this.#mergeOldest();
    this.#windows.push({ fromNs, toNs, reason });
  }

  /** Reasons of the losses that touch the span, each once. */
  reasonsIn(fromNs: number, toNs: number): string[] {
    const reasons: string[] = [];
    // Newest first: windows come in the order of time, so the search can end early.
    for (let i = this.#windows.length - 1; i >= 0; i--) {
      const window = this.#windows[i]!;
      if (window.toNs < fromNs - ORDER_SLACK_NS) break;
      if (window.fromNs > toNs || window.toNs < fromNs || reasons.includes(window.reason)) continue;
      reasons.push(window.reason);
    }
    return reasons;
  }

  /** Better to say partial once too often than to forget a loss. */
  #mergeOldest(): void {
    const [first, second] = this.#windows.splice(0, 2) as [Loss, Loss];
    this.#windows.unshift({ fromNs: first.fromNs, toNs: second.toNs, reason: second.reason });
  }
}
