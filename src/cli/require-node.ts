/** Imported first: an old Node ends here with a sentence instead of in the middle with a stack. */
const MIN_MAJOR = 22;

if (Number(process.versions.node.split('.')[0]) < MIN_MAJOR) {
  process.stderr.write(`mcp-observer needs Node ${MIN_MAJOR} or later; this is ${process.version}.\n`);
  process.exit(69);
}
