/** Says that records are being lost: when it begins and, with the rest, when it is over. */
export class LossNotice {
  readonly #tell: (records: number) => void;
  #untold = 0;
  #isGoingOn = false;

  /** @param tell gets what was lost since it was called last */
  constructor(tell: (records: number) => void) {
    this.#tell = tell;
  }

  lose(records: number): void {
    this.#untold += records;
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    this.#say();
  }

  /** Whoever lost them has caught up, or is gone. */
  end(): void {
    this.#isGoingOn = false;
    this.#say();
  }

  #say(): void {
    if (this.#untold === 0) return;
    const records = this.#untold;
    this.#untold = 0;
    this.#tell(records);
  }
}
