/** Records as JSON lines into a line sink. */
import { encodeBounded, MAX_LINE_BYTES } from '../record/encode.ts';
import { EffectEncoder } from '../record/encode-effect.ts';
import type { McpRecord } from '../record/record.gen.ts';
import type { LineSink } from '../sinks/line-sink.ts';
import type { RecordOutlet } from './agent-core.ts';

/** Room on a line for the count of lost records, which the sink may put into it. */
const LOSS_BYTES = 256;

/** @param observe sees every record that is written, too: a summary, a rule engine */
export function createRecordOutlet(sink: LineSink, observe?: (record: McpRecord) => void): RecordOutlet {
  const effects = new EffectEncoder();
  const maxBytes = MAX_LINE_BYTES - LOSS_BYTES;
  const write = (record: McpRecord): void => {
    if (record.record === 'effect') {
      const line = effects.encode(record);
      // A line has at most three bytes a UTF-16 unit.
      if (line.length * 3 + effects.tail.length <= maxBytes) {
        sink.write(line, effects.tail);
        return;
      }
    }
    sink.write(encodeBounded(record, maxBytes));
  };
  return {
    write(record) {
      write(record);
      observe?.(record);
    },
    close: () => sink.close(),
  };
}
