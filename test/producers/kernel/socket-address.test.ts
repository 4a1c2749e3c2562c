import { describe, expect, it } from 'vitest';
import { parseSocketAddress } from '../../../src/producers/kernel/socket-address.ts';

const ipv4 = (...ip: number[]) => Buffer.from([2, 0, 0x1f, 0x90, ...ip, 0, 0, 0, 0, 0, 0, 0, 0]);
const ipv6 = (hex: string) => Buffer.from(`0a0001bb00000000${hex}00000000`, 'hex');
const unix = (name: string) => Buffer.concat([Buffer.from([1, 0]), Buffer.from(name)]);

describe('parseSocketAddress', () => {
  it.each([
    [ipv4(127, 0, 0, 1), { family: 'ipv4', ip: '127.0.0.1', port: 8080 }],
    [ipv4(255, 255, 255, 255), { family: 'ipv4', ip: '255.255.255.255', port: 8080 }],
    [ipv4(1, 2, 3, 4).subarray(0, 8), { family: 'ipv4', ip: '1.2.3.4', port: 8080 }],
    [ipv4(1, 2, 3, 4).subarray(0, 7), { family: 'other' }],
    [ipv6('20010db8000000000000000000000001'), { family: 'ipv6', ip: '2001:db8::1', port: 443 }],
    [ipv6('00000000000000000000000000000001'), { family: 'ipv6', ip: '::1', port: 443 }],
    [ipv6('00000000000000000000000000000000'), { family: 'ipv6', ip: '::', port: 443 }],
    [ipv6('fe800000000000000000000000000000'), { family: 'ipv6', ip: 'fe80::', port: 443 }],
    [ipv6('20010db8000000010001000100010001'), { family: 'ipv6', ip: '2001:db8:0:1:1:1:1:1', port: 443 }],
    [ipv6('20010000000000010000000000000001'), { family: 'ipv6', ip: '2001:0:0:1::1', port: 443 }],
    [ipv6('00000000000000000000ffff01020304'), { family: 'ipv6', ip: '::ffff:1.2.3.4', port: 443 }],
    [ipv6('').subarray(0, 12), { family: 'other' }],
    [unix('/run/x.sock'), { family: 'unix', path: '/run/x.sock' }],
    [unix('rel.sock\0garbage'), { family: 'unix', path: 'rel.sock' }],
    [unix('\0name'), { family: 'unix', path: '@name' }],
    [unix('\0a\0b\0\0'), { family: 'unix', path: '@a@b' }],
    [unix(''), { family: 'unix', path: '' }],
    [Buffer.from([16, 0, 1, 2]), { family: 'other' }],
    [Buffer.from([2]), { family: 'other' }],
    [Buffer.alloc(0), { family: 'other' }],
  ])('%j', (bytes, expected) => {
    expect(parseSocketAddress(bytes)).toEqual(expected);
  });
});
