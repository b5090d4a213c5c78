import {lookup as resolve} from 'node:dns';
import type {LookupAddress} from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type {LookupFunction} from 'node:net';
import ipaddr from 'ipaddr.js';

export interface OutboundOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Hosts of the own network that may be called, as the URL names them. All others have to have a public address. */
  readonly privateHosts: readonly string[];
  /** How names become addresses; the system's way unless a test has its own. */
  readonly resolve?: Resolve;
}

export type Resolve = (
  host: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/**
 * Sends a POST request to an address of the internet, or to a host that the configuration names. Every address that the name
 * stands for is looked at, and the connection goes to one of these very addresses: no second look at the name, which could have
 * changed its mind. Redirects are an answer like any other and are not followed.
 *
 * Example: post('http://2130706433/x', …) → throws: 127.0.0.1 is a loopback address.
 *
 * @returns the status
 * @throws Error where the target is refused, cannot be reached, or does not answer in time
 */
export async function post(
  url: string,
  {headers, body, timeoutMs, privateHosts, resolve: names = systemNames}: OutboundOptions,
): Promise<number> {
  const target = new URL(url);
  const host = hostOf(target);
  const refusalOf = mayBePrivate(host, privateHosts) ? () => null : whyRefused;
  const refusal = ipaddr.isValid(host) ? refusalOf(host) : null; // such a host is never looked up
  if (refusal !== null) throw new Error(refusalText(host, refusal));
  const send = target.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolveStatus, reject) => {
    const request = send(
      target,
      {
        method: 'POST',
        headers: {...headers, 'content-length': Buffer.byteLength(body)},
        agent: false, // a kept connection would have been checked for another request
        signal: AbortSignal.timeout(timeoutMs),
        lookup: checkedLookup(names, refusalOf),
      },
      (response) => {
        resolveStatus(response.statusCode!);
        response.on('error', () => undefined).destroy(); // nobody reads what else it says
      },
    );
    request.on('error', (error) =>
      reject(error.name === 'TimeoutError' ? new Error(`no answer within ${timeoutMs} ms`) : error),
    );
    request.end(body);
  });
}

/** A host as it is compared: no brackets, no final dot. The URL has written every spelling of an IPv4 address as a.b.c.d. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** What the address is, where no request may go there; null for one of the internet. */
export function whyRefused(address: string): string | null {
  const parsed = ipaddr.process(address.replace(/%.*$/, '')); // an IPv4 address in IPv6 clothes is that IPv4 address
  const range = parsed.range();
  if (range !== 'unicast') return RANGES[range] ?? `a ${range} address`;
  // All that is given out of IPv6 lies in 2000::/3 (RFC 4291); beyond it lie old spellings such as ::127.0.0.1.
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_IPV6, 3)) return 'an address that nobody has';
  return METADATA.has(parsed.toString()) ? 'a metadata service' : null;
}

const GLOBAL_IPV6 = ipaddr.IPv6.parse('2000::');
/** Clouds answer questions about the machine itself on these; most are in link-local or private ranges anyway. */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16']);
const RANGES: Readonly<Partial<Record<string, string>>> = {
  loopback: 'a loopback address',
  private: 'a private address',
  uniqueLocal: 'a private address',
  linkLocal: 'a link-local address',
  unspecified: 'no address at all',
};

export function mayBePrivate(host: string, privateHosts: readonly string[]): boolean {
  return privateHosts.some((allowed) => allowed.toLowerCase() === host.toLowerCase());
}

function refusalText(host: string, refusal: string): string {
  return `${host} is ${refusal}, and requests go to the internet alone; set WEBHOOK_PRIVATE_HOSTS=${host} if this host is meant`;
}

const systemNames: Resolve = (host, answer) => {
  resolve(host, {all: true}, (error, addresses) => answer(error, error === null ? addresses : []));
};

/** A lookup for node:net that asks once, and gives the addresses out only where all of them pass. */
export function checkedLookup(names: Resolve, refusalOf: (address: string) => string | null): LookupFunction {
  return (host, options, callback) => {
    names(host, (error, addresses) => {
      const [first] = addresses;
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${host} has no address`), '', 4);
        return;
      }
      for (const {address} of addresses) {
        const refusal = refusalOf(address);
        if (refusal === null) continue;
        callback(new Error(refusalText(host, `${address}, ${refusal}`)), '', 4);
        return;
      }
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };
}
