#!/usr/bin/env bash
# compare-with-falco.sh FALCO: runs this Falco with our plugin and rules over the rules' samples and over
# the records of the demo, and compares its alerts with those of "rules eval".
# Exit status: 0 the same alerts, 1 they differ or Falco failed.
set -euo pipefail
falco=$(realpath "${1:?the Falco program}")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

rules=(rules/mcp_host.yaml rules/mcp_baseline.yaml rules/generated/mcp_values.yaml)
node scripts/falco/print-samples.ts > "$folder/records.jsonl"
node dist/cli/mcp-observer.js demo --out "$folder/records.jsonl"

{
  echo "plugins:"
  echo "  - name: mcp_audit"
  echo "    library_path: $PWD/build/Release/libmcp_audit.so"
  echo "    open_params: $folder/records.jsonl"
  echo "load_plugins: [mcp_audit]"
  echo "rules_files:"
  printf '  - %s\n' "${rules[@]/#/$PWD/}"
  echo "priority: debug"
  echo "json_output: true"
  echo "stdout_output: {enabled: false}"
  echo "syslog_output: {enabled: false}"
  echo "webserver: {enabled: false}"
  echo "file_output: {enabled: true, keep_alive: true, filename: $folder/falco.jsonl}"
} > "$folder/falco.yaml"

"$falco" --version
"$falco" -c "$folder/falco.yaml" --enable-source mcp_audit
node dist/cli/mcp-observer.js rules eval --rules "${rules[@]}" --records "$folder/records.jsonl" --summary > "$folder/eval.jsonl"
node scripts/falco/compare-alerts.ts "$folder/falco.jsonl" "$folder/eval.jsonl"
