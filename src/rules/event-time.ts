/** Times of records in the forms that Falco gives them; local time but for ISO 8601. */

export type TimeForm = 'evt.time' | 'evt.time.s' | 'evt.time.iso8601' | 'evt.datetime' | 'evt.datetime.s';

const NANOSECONDS = 1_000_000_000n;
const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** Records come in the order of their time, so what one second looks like is kept. */
export class TimeFormatter {
  #second = -1n;
  #clock = '';
  #day = '';
  #utc = '';

  /** @param ns unix nanoseconds. */
  text(ns: bigint, form: TimeForm): string {
    this.#turnTo(ns);
    switch (form) {
      case 'evt.time':
        return `${this.#clock}.${fraction(ns)}`;
      case 'evt.time.s':
        return this.#clock;
      case 'evt.time.iso8601':
        return `${this.#utc}.${fraction(ns)}+0000`;
      case 'evt.datetime':
        return `${this.#day} ${this.#clock}.${fraction(ns)}`;
      case 'evt.datetime.s':
        return `${this.#day} ${this.#clock}`;
    }
  }

  /** As Falco writes an alert's time: `2026-01-31T12:00:00.123456789Z`. */
  iso(ns: bigint): string {
    this.#turnTo(ns);
    return `${this.#utc}.${fraction(ns)}Z`;
  }

  #turnTo(ns: bigint): void {
    const second = ns / NANOSECONDS;
    if (second === this.#second) return;
    this.#second = second;
    const date = new Date(Number(second) * 1000);
    this.#clock = `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`;
    this.#day = `${date.getFullYear()}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
    this.#utc = date.toISOString().slice(0, -5);
  }
}

function fraction(ns: bigint): string {
  return String(ns % NANOSECONDS).padStart(9, '0');
}
