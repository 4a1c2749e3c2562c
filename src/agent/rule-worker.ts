/** The thread that evaluates the agent's records by the rules and delivers the alerts. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeAlert } from '../rules/alert.ts';
import { createRuleEngine } from '../rules/rule-engine.ts';
import { loadRuleSet } from '../rules/rule-set.ts';
import { AlertWebhook } from '../sinks/alert-webhook.ts';
import { JsonlFile } from '../sinks/jsonl-file.ts';
import type { LineSink } from '../sinks/line-sink.ts';
import type { FromRuleWorker, RuleWorkerData, ToRuleWorker } from './rule-worker-messages.ts';

const NEWLINE = 0x0a;
const STDOUT = 1;

const port = parentPort!;
const { sources, alerts: destinations, userAgent } = workerData as RuleWorkerData;
const say = (message: FromRuleWorker): void => port.postMessage(message);
const onTrouble = (message: string): void => say({ type: 'trouble', message });

function openSinks(): LineSink[] {
  const { file, stdout, webhook } = destinations;
  const sinks: LineSink[] = [];
  if (file !== undefined) sinks.push(new JsonlFile({ target: file, what: 'alerts', onTrouble }));
  if (stdout === true) sinks.push(new JsonlFile({ target: STDOUT, what: 'alerts', onTrouble }));
  if (webhook !== undefined) sinks.push(new AlertWebhook({ url: webhook, userAgent, onTrouble }));
  return sinks;
}

const { ruleSet } = loadRuleSet(sources);
if (ruleSet === undefined) throw new Error('the rules do not load');
const engine = createRuleEngine(ruleSet);
const sinks = openSinks();
let alerts = 0;

function evaluate(bytes: Uint8Array): void {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, start);
    for (const alert of engine.evaluateLine(bytes.subarray(start, end))) {
      const line = encodeAlert(alert);
      for (const sink of sinks) sink.write(line);
      alerts++;
    }
    start = end + 1;
  }
}

async function close(): Promise<void> {
  await Promise.all(sinks.map((sink) => sink.close()));
  const lostAlerts = sinks.reduce((sum, sink) => sum + sink.lost, 0);
  say({ type: 'closed', alerts, lostAlerts });
  port.close();
}

port.on('message', (message: ToRuleWorker) => {
  if (message.type === 'close') {
    void close();
    return;
  }
  evaluate(message.bytes);
  say({ type: 'done', bytes: message.bytes.length, lines: message.lines });
});
