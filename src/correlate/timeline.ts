/**
 * The calls in flight on one server over time: C(t) for any moment that has not been pruned. Edges
 * may come late and out of order (several sessions, a socket in between); a question about a moment
 * is right once every edge up to that moment has come.
 */
import type { TrackedCall } from './tracked-call.ts';

/** A span of time in which the same calls were in flight, from `fromNs` to the next segment's. */
export interface Segment {
  readonly fromNs: number;
  readonly inFlightCount: number;
  /** The one call in flight, where there is exactly one. */
  readonly soleCall: TrackedCall | undefined;
  /** The call that ended last before this segment, and when; undefined before the first end. */
  readonly lastEnded: TrackedCall | undefined;
  readonly lastEndedNs: number;
  /** Whether any request has begun yet. */
  readonly anyBegun: boolean;
}

interface Edge {
  readonly atNs: number;
  readonly begin: boolean;
  readonly call: TrackedCall;
}

const EMPTY: Segment = {
  fromNs: Number.NEGATIVE_INFINITY,
  inFlightCount: 0,
  soleCall: undefined,
  lastEnded: undefined,
  lastEndedNs: Number.NEGATIVE_INFINITY,
  anyBegun: false,
};

export class Timeline {
  /** Edges since the last prune, by time; `#segments[i + 1]` is the state after `#edges[i]`. */
  #edges: Edge[] = [];
  #segments: Segment[] = [EMPTY];
  /** Calls in flight after the last edge, and at the start of the window. */
  readonly #head = new Set<TrackedCall>();
  readonly #base = new Set<TrackedCall>();
  #cursor = 0;

  begin(call: TrackedCall): void {
    this.#add({ atNs: call.beginNs, begin: true, call });
  }

  /** The call ends at `call.endNs`, which must be set. */
  end(call: TrackedCall): void {
    this.#add({ atNs: call.endNs, begin: false, call });
  }

  /** Number of calls in flight after the last known edge. */
  get openCount(): number {
    return this.#head.size;
  }

  openCalls(): Iterable<TrackedCall> {
    return this.#head;
  }

  at(tNs: number): Segment {
    const segments = this.#segments;
    let i = this.#cursor;
    if (i >= segments.length) i = segments.length - 1;
    // Events come nearly in order, so the answer is the last one or close by.
    while (i > 0 && segments[i]!.fromNs > tNs) i--;
    while (i + 1 < segments.length && segments[i + 1]!.fromNs <= tNs) i++;
    this.#cursor = i;
    return segments[i]!;
  }

  /** The calls in flight at a moment, oldest first, at most `limit`. */
  candidatesAt(tNs: number, limit: number): TrackedCall[] {
    const found: TrackedCall[] = [];
    const consider = (call: TrackedCall): void => {
      if (found.length < limit && call.beginNs <= tNs && tNs < call.endNs) found.push(call);
    };
    for (const call of this.#base) consider(call);
    for (const edge of this.#edges) {
      if (edge.atNs > tNs) break;
      if (edge.begin) consider(edge.call);
    }
    return found;
  }

  /** Forgets what is only needed for moments before `tNs`. */
  prune(tNs: number): void {
    let drop = 0;
    while (drop < this.#edges.length && this.#edges[drop]!.atNs <= tNs) drop++;
    if (drop === 0) return;
    for (let i = 0; i < drop; i++) {
      const edge = this.#edges[i]!;
      if (edge.begin) this.#base.add(edge.call);
      else this.#base.delete(edge.call);
    }
    this.#edges = this.#edges.slice(drop);
    this.#segments = this.#segments.slice(drop);
    this.#cursor = Math.max(0, this.#cursor - drop);
  }

  #add(edge: Edge): void {
    const last = this.#edges.at(-1);
    if (last === undefined || last.atNs <= edge.atNs) {
      this.#append(edge);
      return;
    }
    let at = this.#edges.length;
    while (at > 0 && this.#edges[at - 1]!.atNs > edge.atNs) at--;
    const replay = [...this.#edges.slice(0, at), edge, ...this.#edges.slice(at)];
    this.#edges = [];
    this.#segments = [this.#segments[0]!];
    this.#head.clear();
    for (const call of this.#base) this.#head.add(call);
    for (const each of replay) this.#append(each);
  }

  #append(edge: Edge): void {
    const before = this.#segments.at(-1)!;
    if (edge.begin) this.#head.add(edge.call);
    else this.#head.delete(edge.call);
    const inFlightCount = this.#head.size;
    this.#edges.push(edge);
    this.#segments.push({
      fromNs: edge.atNs,
      inFlightCount,
      soleCall: inFlightCount === 1 ? this.#head.values().next().value : undefined,
      lastEnded: edge.begin ? before.lastEnded : edge.call,
      lastEndedNs: edge.begin ? before.lastEndedNs : edge.atNs,
      anyBegun: before.anyBegun || edge.begin,
    });
  }
}
