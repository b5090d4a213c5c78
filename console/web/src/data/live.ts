import type {QueryClient} from '@tanstack/preact-query';
import {useEffect, useState} from 'preact/hooks';

export type LiveState = 'connecting' | 'live' | 'broken';

/** What happened to a decision or an alert, as the stream tells it. */
interface LiveEvent {
  readonly kind: 'decision' | 'alert';
  /** 'proposed', 'executed', 'opened', 'cleared', … */
  readonly what: string;
  readonly id: string;
}

/** Lists that an event makes old: by the first part of their query keys. */
const MADE_OLD: Record<LiveEvent['kind'], readonly string[]> = {
  decision: ['work', 'decisions', 'proposals', 'status'],
  alert: ['work', 'alerts', 'backorders', 'status'],
};
/** Events often come in bursts: lists are read again once a burst, not once an event. */
const GATHER_MS = 400;

/** Opens the one stream of this page; the browser reconnects by itself and goes on after the last event it had. */
export function useLiveStream(queries: QueryClient, enabled: boolean): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (!enabled) return;
    const source = new EventSource('/api/v1/stream');
    const old = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const gather = (event: LiveEvent): void => {
      for (const key of MADE_OLD[event.kind]) old.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of old) void queries.invalidateQueries({queryKey: [key]});
        old.clear();
      }, GATHER_MS);
    };
    source.addEventListener('open', () => setState('live'));
    source.addEventListener('error', () => setState('broken'));
    source.addEventListener('decision', (message: MessageEvent<string>) => {
      const {what, decision} = JSON.parse(message.data) as {what: string; decision: {decisionId: string}};
      gather({kind: 'decision', what, id: decision.decisionId});
    });
    source.addEventListener('alert', (message: MessageEvent<string>) => {
      const {what, alert} = JSON.parse(message.data) as {what: string; alert: {alertId: string}};
      gather({kind: 'alert', what, id: alert.alertId});
    });
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [queries, enabled]);
  return state;
}
