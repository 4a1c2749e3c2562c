/**
 * Lists are put into conditions as text, before these are parsed: that is how Falco does it, and what
 * it does to a quoted text that holds a list's name.
 */
import { type Origin, SourceText } from './source-text.ts';

export interface ListItem {
  readonly text: string;
  readonly at: Origin;
}

export interface FlatList {
  readonly name: string;
  readonly items: readonly ListItem[];
  used: boolean;
}

/** No condition grows longer than this, in UTF-16 units. */
export const MAX_CONDITION_LENGTH = 1 << 20;

const BLANKS = ' \t\n\r';
const DELIMITERS = `${BLANKS}(),=`;

/** The condition with the lists in it, and the places where a list's name stood in a quoted text. */
export function expandLists(
  condition: SourceText,
  lists: Iterable<FlatList>,
): { readonly condition: SourceText; readonly inText: readonly { name: string; at: Origin }[] } {
  let current = condition;
  const inText: { name: string; at: Origin }[] = [];
  for (const list of lists) {
    if (list.name === '' || !current.text.includes(list.name)) continue;
    current = expandList(current, list, inText);
    if (current.text.length > MAX_CONDITION_LENGTH) break;
  }
  return { condition: current, inText };
}

function expandList(
  condition: SourceText,
  list: FlatList,
  inText: { name: string; at: Origin }[],
): SourceText {
  let current = condition;
  let start = current.text.indexOf(list.name);
  while (start >= 0) {
    const { text } = current;
    let end = start + list.name.length;
    const isWord =
      (start === 0 || DELIMITERS.includes(text[start - 1]!)) &&
      (end >= text.length || DELIMITERS.includes(text[end]!));
    if (isWord) {
      const nameAt = current.originOf(start);
      if (isInQuotes(text, start)) inText.push({ name: list.name, at: nameAt });
      while (start > 0 && BLANKS.includes(text[start - 1]!)) start--;
      while (end < text.length && BLANKS.includes(text[end]!)) end++;
      const items = joinItems(list.items);
      if (items.text === '') {
        if (text[start - 1] === ',') start--;
        else if (text[end] === ',') end++;
      }
      const blank = SourceText.at(' ', nameAt);
      const before = start > 0 ? [current.slice(0, start), blank] : [];
      current = SourceText.join([...before, items, blank, current.slice(end)]);
      start += items.text.length + 1;
      list.used = true;
      if (current.text.length > MAX_CONDITION_LENGTH) return current;
    }
    start = current.text.indexOf(list.name, start + 1);
  }
  return current;
}

function joinItems(items: readonly ListItem[]): SourceText {
  return SourceText.join(
    items.map(({ text, at }, i) => SourceText.at(`${i === 0 ? '' : ', '}${quoteItem(text)}`, at)),
  );
}

/** Values with blanks get quotes where they have none. */
export function quoteItem(text: string): string {
  return text.includes(' ') && !text.startsWith('"') && !text.startsWith("'") ? `"${text}"` : text;
}

function isInQuotes(text: string, at: number): boolean {
  let quote = '';
  for (let i = 0; i < at; i++) {
    const character = text[i]!;
    if (quote === '') {
      if (character === '"' || character === "'") quote = character;
    } else if (character === quote && text[i - 1] !== '\\') {
      quote = '';
    }
  }
  return quote !== '';
}
