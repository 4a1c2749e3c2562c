/** Priorities of rules, the most urgent first, with the words that Falco writes. */
export const PRIORITIES = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const;

export type Priority = (typeof PRIORITIES)[number];

/** In any case; "info" is "informational". */
export function parsePriority(text: string): Priority | undefined {
  const word = text.toLowerCase();
  return PRIORITIES.find((priority) => priority.toLowerCase() === (word === 'info' ? 'informational' : word));
}

/** Whether `priority` is `minimum` or more urgent. */
export function isAtLeast(priority: Priority, minimum: Priority): boolean {
  return PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(minimum);
}
