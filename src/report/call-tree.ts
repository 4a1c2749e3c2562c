/** Records of sessions as a tree that a person can read: session → call → effects. */
import type { CallRecord, EffectRecord, McpRecord, SessionRecord } from '../record/record.gen.ts';

/** How parts of a line are set off; identity functions give plain text. */
export interface TreeStyle {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  /** Makes text that others chose harmless for the terminal. */
  sanitize(text: string): string;
}

interface SessionView {
  start: SessionRecord | undefined;
  end: SessionRecord | undefined;
  readonly calls: CallRecord[];
  readonly effects: EffectRecord[];
}

/** Effects shown below one call; the rest is counted. */
const MAX_EFFECTS_SHOWN = 12;

export function renderCallTree(records: Iterable<McpRecord>, style: TreeStyle): string[] {
  const sessions = new Map<string, SessionView>();
  for (const record of records) {
    if (record.record === 'status') continue;
    let view = sessions.get(record.session_id);
    if (view === undefined) {
      view = { start: undefined, end: undefined, calls: [], effects: [] };
      sessions.set(record.session_id, view);
    }
    if (record.record === 'call') view.calls.push(record);
    else if (record.record === 'effect') view.effects.push(record);
    else if (record.session_event === 'start') view.start = record;
    else view.end = record;
  }
  const lines: string[] = [];
  for (const view of sessions.values()) lines.push(...renderSession(view, style), '');
  return lines;
}

function renderSession(view: SessionView, style: TreeStyle): string[] {
  const head = view.end ?? view.start ?? view.calls[0];
  if (head === undefined) return [];
  const protocol =
    head.protocol_version === undefined ? '' : ` · MCP ${style.sanitize(head.protocol_version)}`;
  const name = style.sanitize(head.server_name ?? head.server_host);
  const lines = [`${style.bold(name)} ${style.dim(`session ${head.session_id}${protocol}`)}`];
  const nodes: { atNs: bigint; lines: string[] }[] = [];
  const effects = [...view.effects].sort((a, b) => compare(a.ktime_ns, b.ktime_ns));
  const byCall = Map.groupBy(effects, (effect) => effect.call_id ?? '');
  for (const call of view.calls) {
    // Notifications do nothing by themselves and would only make the tree longer.
    if (call.message_type !== 'request') continue;
    const own = (byCall.get(call.call_id) ?? []).filter((effect) => !isServerExit(effect, head.server_pid));
    nodes.push({ atNs: call.started_ktime_ns ?? call.ktime_ns, lines: renderCall(call, own, style) });
  }
  const serverPid = head.server_pid;
  const own = (byCall.get('') ?? []).filter((effect) => !isServerExit(effect, serverPid));
  const callTimes = nodes.map((node) => node.atNs);
  for (const group of groupBetweenCalls(own, callTimes)) {
    nodes.push({ atNs: group[0]!.ktime_ns, lines: renderBetween(group, style) });
  }
  nodes.sort((a, b) => compare(a.atNs, b.atNs));
  nodes.forEach((node, i) => {
    const last = i === nodes.length - 1;
    node.lines.forEach((line, j) => {
      const rail = j === 0 ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  ';
      lines.push(style.dim(rail) + line);
    });
  });
  return lines;
}

function renderCall(call: CallRecord, effects: EffectRecord[], style: TreeStyle): string[] {
  const outcome = call.outcome === 'ok' ? style.good('ok') : style.bad(call.outcome);
  const name = style.sanitize(call.tool_name ?? '');
  const what = `${style.sanitize(call.method)}${name === '' ? '' : ` ${style.bold(name)}`}`;
  const hints = [
    call.declared_read_only === true ? 'declared read-only' : '',
    call.declared_open_world === false ? 'declared closed-world' : '',
  ].filter((hint) => hint !== '');
  const declared = hints.length === 0 ? '' : style.dim(` (${hints.join(', ')})`);
  const partial = call.coverage === 'partial' ? style.warn(' coverage: partial') : '';
  const head = `${what}${declared} ${outcome} ${style.dim(`${call.duration_ms.toFixed(1)} ms`)}${partial}`;
  if (call.observer_mode !== 'kernel') return [head];
  const reads = call.open_read_count ?? 0;
  const quiet = reads === 0 ? 'no effects' : `read ${reads} ${reads === 1 ? 'file' : 'files'}`;
  if (effects.length === 0) return [`${head} ${style.dim(quiet)}`];
  return [reads === 0 ? head : `${head} ${style.dim(quiet)}`, ...renderEffects(effects, style)];
}

function renderEffects(effects: EffectRecord[], style: TreeStyle): string[] {
  const shown = effects.slice(0, MAX_EFFECTS_SHOWN);
  const hidden = effects.length - shown.length;
  const lines = shown.map((effect) => renderEffect(effect, style));
  if (hidden > 0) lines.push(style.dim(`… and ${hidden} more`));
  return lines.map((line, i) => style.dim(i === lines.length - 1 ? '└─ ' : '├─ ') + line);
}

function renderEffect(effect: EffectRecord, style: TreeStyle): string {
  const failed = effect.errno !== undefined || effect.exit_signal !== undefined;
  const result = failed ? ` ${style.bad(effect.result)}` : '';
  const target = style.sanitize(describeTarget(effect));
  const contradiction =
    effect.contradiction === undefined
      ? ''
      : ` ${style.bad(`✗ ${effect.contradiction.replaceAll('_', ' ')}`)}`;
  const who = effect.effect === 'exec' ? '' : ` by ${style.sanitize(effect.comm ?? '')}[${effect.pid}]`;
  return `${effect.effect.padEnd(10)} ${target}${result}${contradiction} ${style.dim(`${effect.attribution}${who}`)}`;
}

function describeTarget(effect: EffectRecord): string {
  switch (effect.effect) {
    case 'exec':
      return clip(effect.exec_args?.map(quoteArgument).join(' ') ?? effect.path ?? '', 120);
    case 'fork':
      return `process ${effect.child_pid}`;
    case 'exit':
      return effect.exit_code === undefined ? '' : `code ${effect.exit_code}`;
    case 'connect':
    case 'bind':
    case 'send':
      if (effect.ip === undefined) return effect.path ?? effect.address_family ?? '';
      return effect.ip.includes(':') ? `[${effect.ip}]:${effect.port}` : `${effect.ip}:${effect.port}`;
    case 'write': {
      const times = (effect.event_count ?? 1) > 1 ? ` in ${effect.event_count} writes` : '';
      return `${effect.path ?? '(unknown file)'} ${effect.bytes} bytes${times}`;
    }
    case 'rename':
      return `${effect.path} → ${effect.new_path}`;
    default:
      return effect.path ?? '';
  }
}

/** The server's own end says nothing that the session does not. */
function isServerExit(effect: EffectRecord, serverPid: number | undefined): boolean {
  return effect.effect === 'exit' && effect.pid === serverPid && effect.exit_signal === undefined;
}

function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function clip(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}

/** Effects of one basis with no call between them make one node. */
function groupBetweenCalls(effects: EffectRecord[], callTimes: readonly bigint[]): EffectRecord[][] {
  const groups: EffectRecord[][] = [];
  let last: EffectRecord | undefined;
  for (const effect of effects) {
    const before = last;
    const parted =
      before !== undefined && callTimes.some((at) => at > before.ktime_ns && at < effect.ktime_ns);
    if (before?.attribution === effect.attribution && !parted) groups.at(-1)!.push(effect);
    else groups.push([effect]);
    last = effect;
  }
  return groups;
}

function renderBetween(group: EffectRecord[], style: TreeStyle): string[] {
  const basis = group[0]!.attribution;
  const counts = Map.groupBy(group, (effect) => effect.effect);
  const summary = [...counts].map(([kind, list]) => `${list.length} ${kind}`).join(', ');
  switch (basis) {
    case 'startup':
      return [`${style.dim('before the first request (startup):')} ${summary}`];
    case 'ambiguous':
      return [
        `${style.warn('several calls in flight (ambiguous):')} ${summary}`,
        ...renderEffects(group, style),
      ];
    default:
      return [
        `${style.warn('unsolicited, no call in flight (idle):')} ${summary}`,
        ...renderEffects(group, style),
      ];
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
