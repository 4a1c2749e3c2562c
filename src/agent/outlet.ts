/** Records as JSON lines into a line sink. */
import { encodeBounded, MAX_LINE_BYTES } from '../record/encode.ts';
import type { McpRecord } from '../record/record.gen.ts';
import type { LineSink } from '../sinks/line-sink.ts';
import type { RecordOutlet } from './agent-core.ts';

/** Room on a line for the count of lost records, which the sink may put into it. */
const LOSS_BYTES = 256;

/** @param observe sees every record that is written, too: a summary, a rule engine */
export function createRecordOutlet(sink: LineSink, observe?: (record: McpRecord) => void): RecordOutlet {
  return {
    write(record) {
      sink.write(encodeBounded(record, MAX_LINE_BYTES - LOSS_BYTES));
      observe?.(record);
    },
    close: () => sink.close(),
  };
}
