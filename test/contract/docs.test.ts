import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, repositoryFiles, root } from './repository.ts';

const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
const pages = repositoryFiles().filter((path) => path.endsWith('.md'));

/** Anchors that a heading gets when it is shown as a page. */
function anchorsOf(text: string): Set<string> {
  const headings = withoutCode(text).matchAll(/^#{1,6}\s+(.*)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

function brokenLinks(page: string, text: string): string[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map((match) => match[1]!);
  return links.filter((link) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return false;
    const [file, anchor] = link.split('#');
    const target = file ? posix.join(posix.dirname(page), decodeURI(file)) : page;
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(readText(target)).has(anchor);
  });
}

const unknownScripts = (text: string) =>
  [...text.matchAll(/\bnpm (?:run (?:-s |--silent )?([\w:-]+)|(test)\b)/g)]
    .map(([, run, test]) => run ?? test!)
    .filter((name) => !(name in scripts));

describe.each(pages)('%s', (page) => {
  const text = readText(page);

  it('links only to what exists', () => {
    expect(brokenLinks(page, text)).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    expect(unknownScripts(text)).toEqual([]);
  });
});

describe('the check of the pages', () => {
  it('would notice a broken link, a missing heading and an unknown script', () => {
    expect(brokenLinks('README.md', '[a](docs/none.md) [b](docs/reference/errors.md#none)')).toHaveLength(2);
    expect(unknownScripts('Run `npm run nothing` and npm test.')).toEqual(['nothing']);
  });
});
