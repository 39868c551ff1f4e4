/**
 * Where a request comes from, as far as that can be known: from the header that the place this runs
 * in sets itself (CLIENT_IP_HEADER). Any other header is whatever the sender wants us to believe.
 */
import type { Context } from 'hono';

/** Groups of an IPv6 address that name the network of one customer: the first 64 bits. */
const IPV6_NETWORK_GROUPS = 4;

/** @returns the sender's network, or undefined where no header counts or it is not there */
export function clientNetwork(trusted: string | undefined, c: Context): string | undefined {
  const address = trusted && c.req.header(trusted);
  return address ? networkOf(address) : undefined;
}

/** What counts as one address: with IPv6, whoever has one has 2⁶⁴ of them. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':').length : 0;
  const between = tail === undefined ? 0 : Math.max(0, 8 - before.length - after);
  const groups = [...before, ...Array<string>(between).fill('0'), ...(tail ? tail.split(':') : [])];
  return groups.slice(0, IPV6_NETWORK_GROUPS).join(':');
}
