/** The style of a command's output: colours only where a terminal shows them. */
import { createColours, sanitizeForTerminal, wantsColour } from '../base/terminal.ts';
import type { TreeStyle } from '../report/call-tree.ts';

export function terminalStyle(stream: { readonly isTTY?: boolean }): TreeStyle {
  const { NO_COLOR: noColor, FORCE_COLOR: forceColor } = process.env;
  const paint = createColours(wantsColour({ isTty: stream.isTTY === true, noColor, forceColor }));
  return {
    bold: paint.bold,
    dim: paint.dim,
    good: paint.green,
    bad: paint.red,
    warn: paint.yellow,
    sanitize: sanitizeForTerminal,
  };
}
