/** What rule files ask of the Falco that reads them. */
import { RULE_SOURCE } from './fields.ts';
import type { ProblemLog } from './problem.ts';
import { type RuleItem, readText } from './rule-file.ts';
import type { Origin } from './source-text.ts';
import { entryOf, type YamlMap, type YamlNode } from './yaml-tree.ts';

/** Falco's rule engine whose language this is. */
export const ENGINE_VERSION = '0.62.0';
/** Of our plugin; the source and the plugin have the same name. */
export const PLUGIN_VERSION = '0.1.0';

type Version = readonly [number, number, number];

function parseVersion(text: string): Version | undefined {
  const found = /^([0-9]+)\.([0-9]+)\.([0-9]+)(?:-.*)?$/.exec(text);
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3])];
}

/** Same major version, and not older. */
function isCompatible(own: Version, asked: Version): boolean {
  if (own[0] !== asked[0]) return false;
  return own[1] !== asked[1] ? own[1] > asked[1] : own[2] >= asked[2];
}

export function checkRequirements(item: RuleItem, problems: ProblemLog): void {
  if (item.kind === 'required_engine_version') checkEngine(item.map, problems);
  else checkPlugins(entryOf(item.map, 'required_plugin_versions')!, problems);
}

function checkEngine(map: YamlMap, problems: ProblemLog): void {
  const text = readText(map, 'required_engine_version', problems);
  if (text === undefined) return;
  const asked = /^[0-9]+$/.test(text.text) ? ([0, Number(text.text), 0] as const) : parseVersion(text.text);
  if (asked === undefined) {
    problems.add(
      'VALUE_INVALID',
      text.at,
      `${text.text} is no engine version`,
      `Write it as ${ENGINE_VERSION}.`,
    );
  } else if (!isCompatible(parseVersion(ENGINE_VERSION)!, asked)) {
    problems.add(
      'ENGINE_TOO_OLD',
      text.at,
      `the rules need engine ${text.text}, and this is ${ENGINE_VERSION}`,
      'Lower the version if the rules use nothing newer.',
    );
  }
}

function checkPlugins(node: YamlNode, problems: ProblemLog): void {
  if (node.kind !== 'list') {
    problems.add(
      'VALUE_INVALID',
      node.at,
      'required_plugin_versions has to be a list',
      'Write "- name: mcp_audit" with "version: …" below it.',
    );
    return;
  }
  for (const plugin of node.items) {
    const alternatives = plugin.kind === 'map' ? entryOf(plugin, 'alternatives') : undefined;
    const accepted = [plugin, ...(alternatives?.kind === 'list' ? alternatives.items : [])].map((one) =>
      readPlugin(one, problems),
    );
    const own = accepted.find((one) => one?.name === RULE_SOURCE);
    if (own === undefined) {
      const names = accepted.flatMap((one) => one?.name ?? []);
      if (names.length > 0)
        problems.add(
          'PLUGIN_OTHER',
          plugin.at,
          `Falco takes this file only with the plugin ${names.join(' or ')}`,
          'Keep rules that need other plugins in files of their own.',
        );
    } else if (!isCompatible(parseVersion(PLUGIN_VERSION)!, own.version)) {
      problems.add(
        'PLUGIN_TOO_OLD',
        own.at,
        `the rules need plugin ${own.name} ${own.version.join('.')}, and this is ${PLUGIN_VERSION}`,
        'Update mcp-observer, or lower the version.',
      );
    }
  }
}

function readPlugin(
  node: YamlNode,
  problems: ProblemLog,
): { name: string; version: Version; at: Origin } | undefined {
  if (node.kind !== 'map') {
    problems.add(
      'VALUE_INVALID',
      node.at,
      'a required plugin is not a mapping',
      'Write "- name: mcp_audit" with "version: …" below it.',
    );
    return undefined;
  }
  const name = readText(node, 'name', problems);
  const text = readText(node, 'version', problems);
  if (name === undefined || text === undefined) return undefined;
  const version = parseVersion(text.text);
  if (version === undefined) {
    problems.add('VALUE_INVALID', text.at, `${text.text} is no version`, `Write it as ${PLUGIN_VERSION}.`);
    return undefined;
  }
  return { name: name.text, version, at: text.at };
}
