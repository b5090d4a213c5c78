import {once} from 'node:events';
import type {OutgoingHttpHeaders, ServerResponse} from 'node:http';
import {setTimeout as pause} from 'node:timers/promises';
import type {FastifyInstance} from 'fastify';
import {z} from 'zod';
import {messageOf} from '../../domain/fault.ts';
import {noteAccess} from './access-record.ts';
import {Alert, alertView} from './alert-view.ts';
import {Decision, decisionView} from './decision-view.ts';
import {SafeHead, feedPage} from './feed.ts';
import type {FeedEvent} from './feed.ts';
import type {ConsolePorts} from './ports.ts';
import {callerName} from './request-limits.ts';
import {refuse} from './serve-routes.ts';

const CLIENTS_MAX = 64;
/** Of one caller: a browser has one for each page that is open. */
const PER_CALLER_MAX = 16;
/** How often the trail is looked at: one query for all clients. */
const LOOK_MS = 500;
/** Proxies close a connection that says nothing; a comment line keeps it. */
const KEEP_ALIVE_MS = 15_000;

/**
 * GET /api/v1/stream: decisions and alerts as server-sent events, each with the id to go on from (Last-Event-ID).
 * A client that reads slowly is waited for, not buffered; the rows are the queue.
 */
export function serveStream(app: FastifyInstance, {db, log, accessLog}: ConsolePorts): void {
  const trail = new SafeHead();
  const clients = new Map<ServerResponse, string>();
  const stopping = new AbortController();
  let head: Promise<number | null> | null = null;
  let lookedAt = -Infinity;
  /** One look serves every client that asks within the interval. */
  const safeHead = (): Promise<number | null> => {
    if (head === null || performance.now() - lookedAt >= LOOK_MS) {
      lookedAt = performance.now();
      head = trail.look(db);
    }
    return head;
  };

  /** A stream that starts now must not start before it is known where now is. */
  async function firstHead(signal: AbortSignal): Promise<number> {
    for (;;) {
      const known = await safeHead();
      if (known !== null) return known;
      await pause(LOOK_MS, undefined, {signal});
    }
  }

  async function follow(to: ServerResponse, from: number | null, signal: AbortSignal): Promise<void> {
    let after = from ?? (await firstHead(signal));
    to.write(`retry: 2000\nid: ${after}\nevent: ready\ndata: {}\n\n`);
    let saidAt = performance.now();
    while (!signal.aborted) {
      const upTo = await safeHead();
      const page =
        upTo !== null && upTo > after ? await feedPage(db, after, upTo) : {events: [], through: after};
      const text = page.events.map(eventText).join('');
      const silent = text === '' && performance.now() - saidAt >= KEEP_ALIVE_MS;
      after = page.through;
      if (text !== '' || silent) {
        saidAt = performance.now();
        if (!to.write(silent ? ': still here\n\n' : text)) await once(to, 'drain', {signal});
      }
      if (upTo === null || after >= upTo) await pause(LOOK_MS, undefined, {signal});
    }
  }

  app.get('/api/v1/stream', {config: {permission: 'decisions.read'}}, (request, reply) => {
    if (clients.size >= CLIENTS_MAX)
      return refuse(request, reply, 'too-many-streams', `${CLIENTS_MAX} streams are open; close one`);
    const caller = callerName(request);
    if ([...clients.values()].filter((name) => name === caller).length >= PER_CALLER_MAX)
      return refuse(
        request,
        reply,
        'too-many-streams',
        `${PER_CALLER_MAX} streams of yours are open; close one`,
      );
    const sent = request.headers['last-event-id'];
    const from = typeof sent === 'string' && /^\d{1,15}$/.test(sent) ? Number(sent) : null;
    noteAccess(request, 200, accessLog);
    reply.hijack();
    const to = reply.raw;
    to.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': 'text/event-stream',
      connection: 'close', // a stream that has ended must not hold the server's stop up
      'x-accel-buffering': 'no', // nginx would hold events back
    });
    clients.set(to, caller);
    const gone = new AbortController();
    to.on('close', () => {
      clients.delete(to);
      gone.abort();
    });
    const signal = AbortSignal.any([gone.signal, stopping.signal]);
    follow(to, from, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) log.warn({reason: messageOf(error)}, 'event stream broke off');
      })
      .finally(() => to.end());
    return reply;
  });
  app.addHook('preClose', () => {
    stopping.abort();
    for (const client of clients.keys()) client.end();
  });
}

/** Example: 'id: 812\nevent: decision\ndata: {"what":"executed","decision":{…}}\n\n'. JSON has no line break. */
function eventText(event: FeedEvent): string {
  const data =
    event.kind === 'decision'
      ? {
          what: event.what,
          decision: z.encode(Decision, decisionView(event.record) as z.output<typeof Decision>),
        }
      : {what: event.what, alert: z.encode(Alert, alertView(event.record))};
  return `id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`;
}
