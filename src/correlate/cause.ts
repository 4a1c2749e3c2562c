/**
 * Why an effect belongs where it belongs. A verdict is given for each effect; a cause is what a
 * process or an open file remembers of the moment in which it came to be.
 */
import type { Attribution } from '../record/record.gen.ts';
import type { TrackedCall } from './tracked-call.ts';

export interface Verdict {
  readonly basis: Attribution;
  /** The call that the effect is attributed to; undefined for ambiguous, startup and idle. */
  readonly call: TrackedCall | undefined;
  /** The calls that may have caused it: several for ambiguous, else at most one. */
  readonly candidates: readonly TrackedCall[];
  /** How many there are, also beyond the bound of `candidates`. */
  readonly candidateCount: number;
}

/** Candidates named in an ambiguous verdict; more are counted only. */
export const MAX_CANDIDATES = 16;

export type Cause =
  /** Came to be while exactly this call was in flight, or descends from what did. */
  | { readonly kind: 'call'; readonly call: TrackedCall }
  /** Came to be just after this call's response. */
  | { readonly kind: 'tail'; readonly call: TrackedCall }
  /** Came to be while several calls were in flight. */
  | { readonly kind: 'ambiguous'; readonly verdict: Verdict };

/** What something made by an effect with this verdict remembers; undefined where no call was near. */
export function causeOf(verdict: Verdict): Cause | undefined {
  switch (verdict.basis) {
    case 'ambiguous':
      return { kind: 'ambiguous', verdict };
    case 'tail':
      return { kind: 'tail', call: verdict.call! };
    case 'startup':
    case 'idle':
      return undefined;
    default:
      return { kind: 'call', call: verdict.call! };
  }
}
