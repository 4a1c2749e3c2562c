import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/record/mask-secrets.ts';

// Assembled here so that no file holds text in the form of a real token.
const tail = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';
const GITHUB = `ghp_${tail}`;
const FINE_GRAINED = `github_pat_${tail}_${tail}`;
const OPENAI = `sk-${tail}`;
const SLACK = ['xoxb', '1234567890', tail].join('-');
const AWS = `AKIA${'ABCDEFGH12345678'}`;
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'c2lnbmF0dXJl'].join('.');
const PEM = ['-----BEGIN RSA PRIVATE', 'KEY-----\nMIIEabc\n-----END RSA PRIVATE', 'KEY-----'].join(' ');

type Row = readonly [argv: string[], masked: string[]];

const MASKED: Row[] = [
  // Options with a secret's name
  [
    ['x', '--token', 'hunter2'],
    ['x', '--token', '***'],
  ],
  [
    ['x', '--token=hunter2'],
    ['x', '--token=***'],
  ],
  [
    ['x', '-token', 'hunter2'],
    ['x', '-token', '***'],
  ],
  [
    ['x', '--password', '-starts-with-dash'],
    ['x', '--password', '***'],
  ],
  [
    ['x', '--api-key', 'abc', '--verbose'],
    ['x', '--api-key', '***', '--verbose'],
  ],
  [
    ['x', '--apiKey=abc'],
    ['x', '--apiKey=***'],
  ],
  [
    ['x', '--client-secret', 'two words'],
    ['x', '--client-secret', '***'],
  ],
  [
    ['x', '--aws-secret-access-key', 'a/b+c'],
    ['x', '--aws-secret-access-key', '***'],
  ],
  [
    ['x', '--//registry/:_authToken=abc'],
    ['x', '--//registry/:_authToken=***'],
  ],
  [
    ['java', '-Ddb.password=abc'],
    ['java', '-Ddb.password=***'],
  ],
  [
    ['x', '--key', tail],
    ['x', '--key', '***'],
  ],
  // Assignments
  [
    ['env', 'GITHUB_TOKEN=abc', 'ls'],
    ['env', 'GITHUB_TOKEN=***', 'ls'],
  ],
  [
    ['env', 'PGPASSWORD=abc'],
    ['env', 'PGPASSWORD=***'],
  ],
  [
    ['env', 'MYSQL_PWD=a b'],
    ['env', 'MYSQL_PWD=***'],
  ],
  [
    ['docker', 'run', '-e', 'OPENAI_API_KEY=abc'],
    ['docker', 'run', '-e', 'OPENAI_API_KEY=***'],
  ],
  // Options of known commands
  [
    ['mysql', '-uroot', '-phunter2', 'db'],
    ['mysql', '-uroot', '-p***', 'db'],
  ],
  [
    ['sudo', '/usr/bin/mysqldump', '-phunter2'],
    ['sudo', '/usr/bin/mysqldump', '-p***'],
  ],
  [
    ['sshpass', '-p', 'hunter2', 'ssh', 'host'],
    ['sshpass', '-p', '***', 'ssh', 'host'],
  ],
  [
    ['docker', 'login', '-u', 'me', '-p', 'hunter2'],
    ['docker', 'login', '-u', 'me', '-p', '***'],
  ],
  [
    ['redis-cli', '-a', 'hunter2', 'ping'],
    ['redis-cli', '-a', '***', 'ping'],
  ],
  [
    ['curl', '-u', 'me:hunter2', 'https://h/'],
    ['curl', '-u', 'me:***', 'https://h/'],
  ],
  [
    ['curl', '-ume:hunter2'],
    ['curl', '-ume:***'],
  ],
  [
    ['openssl', 'rsa', '-passin', 'pass:hunter2'],
    ['openssl', 'rsa', '-passin', 'pass:***'],
  ],
  // Headers
  [
    ['curl', '-H', 'Authorization: Bearer abc'],
    ['curl', '-H', 'Authorization: Bearer ***'],
  ],
  [
    ['curl', '-HAuthorization: abc'],
    ['curl', '-HAuthorization: ***'],
  ],
  [
    ['curl', '--header=X-Api-Key: abc'],
    ['curl', '--header=X-Api-Key: ***'],
  ],
  [
    ['curl', '-H', 'PRIVATE-TOKEN:abc'],
    ['curl', '-H', 'PRIVATE-TOKEN:***'],
  ],
  [
    ['curl', '-H', 'Cookie: session=abc; a=b'],
    ['curl', '-H', 'Cookie: ***'],
  ],
  // URLs
  [
    ['git', 'clone', 'https://me:hunter2@host/r.git'],
    ['git', 'clone', 'https://***@host/r.git'],
  ],
  [
    ['psql', 'postgres://u:p@h/db'],
    ['psql', 'postgres://***@h/db'],
  ],
  [
    ['curl', 'https://h/?a=1&access_token=abc&b=2'],
    ['curl', 'https://h/?a=1&access_token=***&b=2'],
  ],
  [
    ['curl', 'https://h/?X-Amz-Signature=abcdef0123'],
    ['curl', 'https://h/?X-Amz-Signature=***'],
  ],
  // Bodies
  [
    ['curl', '-d', '{"user":"me","password":"hunter2"}'],
    ['curl', '-d', '{"user":"me","password":"***"}'],
  ],
  [
    ['curl', '-d', 'user=me&password=hunter2'],
    ['curl', '-d', 'user=me&password=***'],
  ],
  [
    ['node', '-e', "f({'api_key': 'abc def'})"],
    ['node', '-e', "f({'api_key': '***'})"],
  ],
  // Forms
  [[GITHUB], ['***']],
  [[`x:${FINE_GRAINED}`], ['x:***']],
  [
    ['echo', OPENAI, SLACK, AWS],
    ['echo', '***', '***', '***'],
  ],
  [
    ['echo', `jwt ${JWT} end`],
    ['echo', 'jwt *** end'],
  ],
  [
    ['echo', `${PEM}\nrest`],
    ['echo', '***\nrest'],
  ],
  // Inside a shell's command line
  [
    ['sh', '-c', 'curl -H "Authorization: Bearer abc" https://h/'],
    ['sh', '-c', 'curl -H "Authorization: Bearer ***" https://h/'],
  ],
  [
    ['sh', '-c', "curl -H 'X-Api-Key: abc' h"],
    ['sh', '-c', "curl -H 'X-Api-Key: ***' h"],
  ],
  [
    ['sh', '-c', 'TOKEN=abc cmd --flag'],
    ['sh', '-c', 'TOKEN=*** cmd --flag'],
  ],
  [
    ['sh', '-c', 'export DB_PASSWORD="a b c"; run'],
    ['sh', '-c', 'export DB_PASSWORD=***; run'],
  ],
  [
    ['sh', '-c', 'cd /x && mysql -phunter2 db'],
    ['sh', '-c', 'cd /x && mysql -p*** db'],
  ],
  [
    ['sh', '-c', "x --password 'a b' | tee log"],
    ['sh', '-c', 'x --password *** | tee log'],
  ],
  [
    ['sh', '-c', `sh -c 'echo --token abc'`],
    ['sh', '-c', `sh -c 'echo --token ***'`],
  ],
];

const UNTOUCHED: string[][] = [
  ['node', 'server.js', '--port', '8080'],
  ['python3', '-m', 'tokenizer', '--max-tokens', '4096', '--tokenizer', 'bpe'],
  ['x', '--token-file', '/run/token'],
  ['x', '--password-stdin', 'me'],
  ['x', '--password', '--verbose'],
  ['x', '--no-password', 'value'],
  ['x', '--key', './server.key', '--key-type', 'rsa'],
  ['x', '--keyboard', 'de', '--monkey=1'],
  ['ssh', '-p', '2222', 'me@host'],
  ['psql', '-p', '5432', '-h', 'localhost'],
  ['docker', 'run', '-p', '80:80', 'nginx'],
  ['mkdir', '-p', 'a/b'],
  ['mysql', '-p', 'db'],
  ['cp', '-pr', 'a', 'b'],
  ['git', 'clone', 'git@github.com:owner/repo.git'],
  ['git', 'clone', 'https://github.com/owner/repo.git'],
  ['git', 'commit', '-m', 'fix: reset the password of the token service'],
  ['git', 'checkout', '3f786850e387550fdab836ed7e6dc881de23001b'],
  ['curl', 'https://h/?page=2&sort=key&code=200', '-H', 'Accept: application/json'],
  ['curl', '-u', 'me'],
  ['echo', 'Basic authentication is on'],
  ['echo', 'a sentence: with a colon, and "quotes" too'],
  ['sh', '-c', 'for f in *.txt; do wc -l "$f" | sort > out; done'],
  ['sh', '-c', 'exit 3'],
  ['gcc', '-O2', '-Wall', '-DNAME="value"', '-o', 'a.out', 'a.c'],
  ['env', 'PATH=/usr/bin:/bin', 'HOME=/root', 'KEYBOARD=de'],
  ['awk', '{ print $1 }', 'file'],
  ['sed', 's/pass/fail/', 'x'],
  ['find', '.', '-name', '*.ts', '-newer', 'x'],
  ['', '   ', "it's"],
];

describe('maskSecrets', () => {
  it.each(MASKED)('masks %j', (argv, masked) => {
    expect(maskSecrets(argv)).toEqual(masked);
  });

  it.each(UNTOUCHED.map((argv) => [argv]))('leaves %j', (argv) => {
    expect(maskSecrets(argv)).toEqual(argv);
  });
});
