/** Whether the user has opted out of being observed: MCP_AUDIT_ENABLED is false, 0, no or off. */
export function isAuditOff(env: Readonly<NodeJS.ProcessEnv>): boolean {
  return /^(?:false|0|no|off)$/i.test(env.MCP_AUDIT_ENABLED?.trim() ?? '');
}
