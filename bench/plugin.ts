/** The Falco plugin: events a second under sysdig, beside a plugin that reads the same and parses nothing. */
import { PLUGIN_PATH } from '../test/native/falco-host/sysdig.ts';
import { FalcoBench, type Plugin } from './falco/host.ts';
import { type BenchRow, row } from './row.ts';

export const name = 'plugin';
export const description = 'events a second of the Falco plugin, beside a plugin that parses nothing';

const RECORDS = 600_000;
const RUNS = 7;

/** Ten fields of different types, none of which any record has with this value. */
const TEN_FIELDS = [
  'mcp.method=none',
  'mcp.tool_name=none',
  'mcp.session_id=none',
  'mcp.server_host=none',
  'mcp.outcome=none',
  'mcp.transport=none',
  'mcp.coverage=none',
  'mcp.request_bytes=1',
  'mcp.response_bytes=1',
  'mcp.tls=true',
];

const FILTERS = [
  { label: '1 filter', filter: TEN_FIELDS[0]!, atLeast: 1_000_000, ratioAtLeast: undefined },
  { label: '10 fields read', filter: TEN_FIELDS.join(' or '), atLeast: undefined, ratioAtLeast: 50 },
];

/** Needs a Debian machine, for sysdig, and g++. */
export async function run(): Promise<BenchRow[]> {
  const bench = await FalcoBench.open(RECORDS);
  try {
    const ours: Plugin = { name: 'mcp_audit', path: PLUGIN_PATH };
    const bare = bench.buildNoParsePlugin();
    for (const plugin of [ours, bare]) await bench.checkCount(plugin);
    const rows: BenchRow[] = [];
    for (const { label, filter, atLeast, ratioAtLeast } of FILTERS) {
      const own: number[] = [];
      const beside: number[] = [];
      for (let round = 0; round < RUNS; round++) {
        // Each is first in every other round.
        const order = round % 2 === 0 ? [ours, bare] : [bare, ours];
        for (const plugin of order) {
          const values = plugin === ours ? own : beside;
          values.push(await bench.eventsPerSecond(plugin, filter));
        }
      }
      const ratios = own.map((value, i) => (value / beside[i]!) * 100);
      rows.push(
        row({
          bench: name,
          metric: `1 KB records, ${label}`,
          unit: 'events/s',
          values: own,
          n: RUNS * RECORDS,
          ...(atLeast === undefined ? {} : { atLeast }),
        }),
        row({
          bench: name,
          metric: `1 KB records, ${label}, by a plugin that parses nothing`,
          unit: 'events/s',
          values: beside,
          n: RUNS * RECORDS,
        }),
        row({
          bench: name,
          metric: `our plugin of the one that parses nothing, ${label}`,
          unit: '%',
          values: ratios,
          ...(ratioAtLeast === undefined ? {} : { atLeast: ratioAtLeast }),
        }),
      );
    }
    return rows;
  } finally {
    bench.close();
  }
}
