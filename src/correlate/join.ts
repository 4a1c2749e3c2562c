/**
 * The judgement: to which call does an effect belong, and on what basis. A stronger basis wins over
 * a weaker one where they disagree: descriptor, descendant, then the calls in flight at the moment.
 * Where they agree, the basis that needs the least belief is named: lineage, then time, then the
 * descriptor's history.
 */
import { type Cause, MAX_CANDIDATES, type Verdict } from './cause.ts';
import type { Timeline } from './timeline.ts';
import type { TrackedCall } from './tracked-call.ts';

const STARTUP: Verdict = { basis: 'startup', call: undefined, candidates: [], candidateCount: 0 };
export const IDLE: Verdict = { basis: 'idle', call: undefined, candidates: [], candidateCount: 0 };

export class Join {
  readonly #timeline: Timeline;
  readonly #tailNs: number;
  /** The verdict on time alone is the same for a whole segment, so the last one is kept. */
  #exclusive: Verdict | undefined;
  #descendant: Verdict | undefined;
  #descriptor: Verdict | undefined;
  #tail: Verdict | undefined;
  #ambiguous: { readonly fromNs: number; readonly verdict: Verdict } | undefined;

  constructor(timeline: Timeline, tailNs: number) {
    this.#timeline = timeline;
    this.#tailNs = tailNs;
  }

  /**
   * @param tNs moment of the effect
   * @param processCause what the acting process remembers of its fork
   * @param objectCause what the descriptor remembers of its opening, if the effect acts on one
   */
  judge(tNs: number, processCause: Cause | undefined, objectCause: Cause | undefined): Verdict {
    if (objectCause !== undefined) {
      if (objectCause.kind === 'ambiguous') return objectCause.verdict;
      const { call } = objectCause;
      if (processCause?.kind === 'call' && processCause.call === call) return this.#asDescendant(call);
      if (this.#timeline.at(tNs).soleCall === call) return this.#asExclusive(call);
      return this.#asDescriptor(call);
    }
    if (processCause !== undefined) {
      if (processCause.kind === 'call') return this.#asDescendant(processCause.call);
      if (processCause.kind === 'ambiguous') return processCause.verdict;
      return this.#afterTailFork(tNs, processCause.call);
    }
    return this.#byTime(tNs);
  }

  #byTime(tNs: number): Verdict {
    const segment = this.#timeline.at(tNs);
    if (segment.soleCall !== undefined) return this.#asExclusive(segment.soleCall);
    if (segment.inFlightCount > 1) return this.#asAmbiguous(tNs, segment.fromNs, segment.inFlightCount);
    if (!segment.anyBegun) return STARTUP;
    if (segment.lastEnded !== undefined && tNs - segment.lastEndedNs < this.#tailNs) {
      return this.#asTail(segment.lastEnded);
    }
    return IDLE;
  }

  /** A process that was forked just after a response acts for that call or for one in flight now. */
  #afterTailFork(tNs: number, call: TrackedCall): Verdict {
    const segment = this.#timeline.at(tNs);
    if (segment.inFlightCount === 0) return this.#asTail(call);
    const inFlight = this.#timeline.candidatesAt(tNs, MAX_CANDIDATES - 1);
    const candidates = [call, ...inFlight];
    return {
      basis: 'ambiguous',
      call: undefined,
      candidates,
      candidateCount: segment.inFlightCount + 1,
    };
  }

  #asAmbiguous(tNs: number, fromNs: number, candidateCount: number): Verdict {
    if (this.#ambiguous?.fromNs !== fromNs) {
      const candidates = this.#timeline.candidatesAt(tNs, MAX_CANDIDATES);
      const verdict: Verdict = { basis: 'ambiguous', call: undefined, candidates, candidateCount };
      this.#ambiguous = { fromNs, verdict };
    }
    return this.#ambiguous.verdict;
  }

  #asExclusive(call: TrackedCall): Verdict {
    if (this.#exclusive?.call !== call) this.#exclusive = attributed('exclusive', call);
    return this.#exclusive;
  }

  #asDescendant(call: TrackedCall): Verdict {
    if (this.#descendant?.call !== call) this.#descendant = attributed('descendant', call);
    return this.#descendant;
  }

  #asDescriptor(call: TrackedCall): Verdict {
    if (this.#descriptor?.call !== call) this.#descriptor = attributed('descriptor', call);
    return this.#descriptor;
  }

  #asTail(call: TrackedCall): Verdict {
    if (this.#tail?.call !== call) this.#tail = attributed('tail', call);
    return this.#tail;
  }
}

function attributed(basis: Verdict['basis'], call: TrackedCall): Verdict {
  return { basis, call, candidates: [call], candidateCount: 1 };
}
