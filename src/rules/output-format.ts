/** A rule's output: text with `%field`, `%20field` and `%tolower(field)` in it. */
import { type BoundOperand, bindOperand } from './bind-condition.ts';
import { compileOperand } from './compile-condition.ts';
import { TRANSFORMERS, type Transformer } from './condition-ast.ts';
import { FIELDS, type Field, longestFieldAt, nearestName } from './fields.ts';
import { formatIpAddress } from './ip-address.ts';
import type { Report } from './problem.ts';
import type { FieldValue, RecordView, ScalarValue } from './record-view.ts';

export type OutputPiece =
  | { readonly kind: 'text'; readonly text: string }
  /** `width`: bytes of the text, cut or filled with blanks; 0 for as long as it is. */
  | { readonly kind: 'operand'; readonly operand: BoundOperand; readonly width: number };

/** JSON of an alert's field: integers of any size, lists as arrays, null where there is no value. */
export type AlertFieldValue = ScalarValue | readonly ScalarValue[] | null;

export interface RenderedOutput {
  readonly message: string;
  readonly fields: ReadonlyMap<string, AlertFieldValue>;
}

const NO_VALUE = '<NA>';
/** The hosts cut a list's text here, in bytes. */
const MAX_LIST_TEXT_BYTES = 1023;
const MAX_WIDTH = 4096;
const TRANSFORMER = new RegExp(`^(${TRANSFORMERS.join('|')})\\(`);

/** Undefined where a problem was reported. */
export function parseOutput(output: string, report: Report): readonly OutputPiece[] | undefined {
  const pieces: OutputPiece[] = [];
  // A star says that missing values are fine, which they are in any rule's output.
  let at = output.startsWith('*') ? 1 : 0;
  while (at < output.length) {
    const percent = output.indexOf('%', at);
    const end = percent < 0 ? output.length : percent;
    if (end > at) pieces.push({ kind: 'text', text: output.slice(at, end) });
    if (percent < 0) break;
    const field = readField(output, percent, report);
    if (field === undefined) return undefined;
    pieces.push(field.piece);
    at = field.end;
  }
  return pieces;
}

function readField(
  output: string,
  percent: number,
  report: Report,
): { piece: OutputPiece; end: number } | undefined {
  let at = percent + 1;
  const digits = /^[0-9]*/.exec(output.slice(at, at + 20))![0];
  at += digits.length;
  const transformers: Transformer[] = [];
  for (;;) {
    const found = TRANSFORMER.exec(output.slice(at, at + 16));
    if (found === null) break;
    transformers.push(found[1] as Transformer);
    at += found[0].length;
  }
  const field = longestFieldAt(output.slice(at, at + 128));
  if (field === undefined) {
    const name = /^[A-Za-z_.0-9]*/.exec(output.slice(at))![0];
    const near = nearestName(name, FIELDS.keys());
    report(
      'OUTPUT_INVALID',
      percent,
      name === '' ? 'a % is not followed by a field' : `%${name} is no field`,
      near === undefined
        ? 'Falco cannot print a percent sign; fields are in docs/reference/fields.md.'
        : `Did you mean %${near}?`,
    );
    return undefined;
  }
  at += field.name.length;
  if (output[at] === '[') {
    report(
      'OUTPUT_INVALID',
      percent,
      `${field.name} takes no argument`,
      `Write %${field.name} without brackets.`,
    );
    return undefined;
  }
  for (const name of transformers) {
    if (output[at++] !== ')') {
      report(
        'OUTPUT_INVALID',
        percent,
        `%${name}(… has no ")" right after ${field.name}`,
        `Write %${name}(${field.name}).`,
      );
      return undefined;
    }
  }
  const operand = bindOperand({ field: field.name, argument: undefined, transformers, at: percent }, report);
  if (operand === undefined) return undefined;
  const width = Math.min(Number(digits), MAX_WIDTH);
  return { piece: { kind: 'operand', operand, width }, end: at };
}

/**
 * Renders the output for the current record; `always` is a field that the result has in any case.
 * Transformers change the text only, and not the fields, as with Falco.
 */
export function compileOutput(
  pieces: readonly OutputPiece[],
  view: RecordView,
  always: Field,
): () => RenderedOutput {
  const texts = pieces.map((piece) => (piece.kind === 'text' ? () => piece.text : compileText(piece, view)));
  const named = new Map([
    [always.name, always],
    ...pieces.flatMap((piece) =>
      piece.kind === 'text' ? [] : [[piece.operand.field.name, piece.operand.field] as const],
    ),
  ]);
  const values = [...named.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((field) => ({ name: field.name, read: compileField(field, view) }));
  return () => {
    let message = '';
    for (const text of texts) message += text();
    const fields = new Map<string, AlertFieldValue>();
    for (const { name, read } of values) fields.set(name, read());
    return { message, fields };
  };
}

function compileText({ operand, width }: OutputPiece & { kind: 'operand' }, view: RecordView): () => string {
  const read = compileOperand(operand, view);
  const isAddress = operand.type === 'ipaddr';
  const { name } = operand.field;
  const isPadded = operand.transformers.length === 0 && (name.endsWith('.ns') || name === 'evt.reltime');
  return () => {
    const value = read();
    if (value === undefined) return toWidth(NO_VALUE, width);
    const shown = asText(value, isAddress, operand.bytes);
    return toWidth(isPadded ? shown.padStart(9, '0') : shown, width);
  };
}

/** Times are nanoseconds in an alert's fields, as signed numbers. */
function compileField(field: Field, view: RecordView): () => AlertFieldValue {
  if (/^evt\.(?:date)?time/.test(field.name)) return () => toSigned(view.timeNs);
  const read = view.reader(field);
  if (/^evt\.(?:raw|rel)time/.test(field.name)) return () => toSigned(read() as number | bigint);
  if (field.type !== 'ipaddr') return () => read() ?? null;
  return () => {
    const value = read();
    if (value === undefined) return null;
    return Array.isArray(value)
      ? (value as readonly string[]).map(formatIpAddress)
      : formatIpAddress(value as string);
  };
}

/** What a host makes of an unsigned number above 2^63 here. */
export function toSigned(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) : value;
}

function asText(value: FieldValue, isAddress: boolean, bytes: boolean): string {
  if (!Array.isArray(value)) return scalarText(value as ScalarValue, isAddress, bytes);
  let text = '(';
  for (const element of value as readonly ScalarValue[]) {
    if (text.length > 1) text += ',';
    text += scalarText(element, isAddress, bytes);
  }
  return cut(`${text})`, MAX_LIST_TEXT_BYTES);
}

function scalarText(value: ScalarValue, isAddress: boolean, bytes: boolean): string {
  if (isAddress) return formatIpAddress(value as string);
  if (!bytes) return String(value);
  const text = String(value);
  const end = text.indexOf('\0');
  return Buffer.from(end < 0 ? text : text.slice(0, end), 'latin1').toString('utf8');
}

function toWidth(text: string, width: number): string {
  if (width === 0) return text;
  const length = Buffer.byteLength(text);
  return length < width ? text + ' '.repeat(width - length) : cut(text, width);
}

function cut(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  return Buffer.from(text, 'utf8').subarray(0, maxBytes).toString('utf8');
}
