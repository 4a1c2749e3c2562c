/** Where records go as lines. Never throws and never blocks. */
export interface LineSink {
  /** One JSON object without its newline; `tail` are the bytes that end it, if `line` is not all. */
  write(line: string, tail?: Buffer): void;
  /** Lines that could not be written so far. */
  readonly lost: number;
  /** Resolves when everything that can be written has been. */
  close(): Promise<void>;
}
