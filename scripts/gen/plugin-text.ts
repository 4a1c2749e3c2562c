/** The characters that the plugin shows as escapes, as ranges of code points. */

const ESCAPED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const LAST_CODE_POINT = 0x10ffff;

/** Inclusive ranges, ascending; surrogates are left out: UTF-8 has none. */
export function escapedRanges(): [number, number][] {
  const ranges: [number, number][] = [];
  for (let point = 0; point <= LAST_CODE_POINT; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    if (!ESCAPED.test(String.fromCodePoint(point))) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  return ranges;
}

const hex = (point: number) => `0x${point.toString(16)}`;

/** native/plugin/escaped_characters.gen.h */
export function pluginEscapedCharacters(): string {
  const rows = escapedRanges().map(([first, last]) => `    {${hex(first)}, ${hex(last)}},`);
  return `// Generated from Unicode's categories Cc, Cf, Zl and Zp by "npm run gen"; do not edit.
#pragma once

#include <cstdint>

namespace mcp_audit {

struct CodePointRange {
  uint32_t first;
  uint32_t last;
};

// Ascending, both ends included.
constexpr CodePointRange kEscapedRanges[] = {
${rows.join('\n')}
};

}  // namespace mcp_audit
`;
}
