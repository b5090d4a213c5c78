import {LRUCache} from 'lru-cache';
import {DAY_MS} from '../../domain/time.ts';

/** What of the API is going: said at the route, and from there in the replies, in the OpenAPI document and in the log. */
export interface Deprecation {
  /** Day from which callers are told: '2026-03-01', UTC. */
  readonly since: string;
  /** Day until which it works. */
  readonly sunset: string;
  /** What takes its place: '/api/v1/orders'. */
  readonly instead: string;
}

/**
 * What a reply says of it: Deprecation (RFC 9745), Sunset (RFC 8594) and a link to what takes its place.
 *
 * Example: since 2026-03-01 → 'deprecation: @1772323200'; sunset 2026-09-01 → 'sunset: Tue, 01 Sep 2026 00:00:00 GMT'.
 */
export function deprecationHeaders({since, sunset, instead}: Deprecation): Readonly<Record<string, string>> {
  return {
    deprecation: `@${Date.parse(since) / 1000}`,
    sunset: new Date(sunset).toUTCString(),
    link: `<${instead}>; rel="successor-version"`,
  };
}

export function deprecationText({since, sunset, instead}: Deprecation): string {
  return `Deprecated since ${since}, works until ${sunset}; use ${instead}.`;
}

/** Callers that are told of at once: each costs some hundred bytes. */
const CALLERS_MAX = 1000;

/** Whether this caller of this route is to be told of: once a day, so that somebody can tell it before the day comes. */
export function sunsetWatch(): (route: string, caller: string) => boolean {
  const told = new LRUCache<string, true>({max: CALLERS_MAX, ttl: DAY_MS});
  return (route, caller) => {
    const key = `${route} ${caller}`;
    if (told.has(key)) return false;
    told.set(key, true);
    return true;
  };
}
