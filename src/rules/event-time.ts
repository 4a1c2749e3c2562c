/** A record's time in the forms that Falco gives it; local time but for ISO 8601. */

export type TimeForm = 'evt.time' | 'evt.time.s' | 'evt.time.iso8601' | 'evt.datetime' | 'evt.datetime.s';

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

export class EventTime {
  /** Unix nanoseconds. */
  readonly ns: bigint;

  constructor(ns: bigint) {
    this.ns = ns;
  }

  text(form: TimeForm): string {
    switch (form) {
      case 'evt.time':
        return `${this.#clock()}.${this.#fraction()}`;
      case 'evt.time.s':
        return this.#clock();
      case 'evt.time.iso8601':
        return `${this.#utc()}+0000`;
      case 'evt.datetime':
        return `${this.#day()} ${this.#clock()}.${this.#fraction()}`;
      case 'evt.datetime.s':
        return `${this.#day()} ${this.#clock()}`;
    }
  }

  /** As Falco writes an alert's time: `2026-01-31T12:00:00.123456789Z`. */
  iso(): string {
    return `${this.#utc()}Z`;
  }

  #date(): Date {
    return new Date(Number(this.ns / 1_000_000n));
  }

  #clock(): string {
    const date = this.#date();
    return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}`;
  }

  #day(): string {
    const date = this.#date();
    return `${date.getFullYear()}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
  }

  #fraction(): string {
    return String(this.ns % 1_000_000_000n).padStart(9, '0');
  }

  #utc(): string {
    return `${this.#date().toISOString().slice(0, -5)}.${this.#fraction()}`;
  }
}
