import {useQuery} from '@tanstack/preact-query';
import {api, ask} from './client.ts';

/** The service's own time as it goes on, ISO 8601 in UTC: what spans into the future count from. Null: not heard yet. */
export function useWorldClock(): string | null {
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => ask(api.GET('/api/v1/status')),
    staleTime: 0,
  });
  return status.data?.clock.now ?? null;
}

/** The service's own time, ISO 8601 in UTC, as the page was opened with: what a window counts back from. Null: not heard yet. */
export function useWorldNow(): string | null {
  const status = useQuery({
    queryKey: ['world-now'],
    queryFn: () => ask(api.GET('/api/v1/status')),
    staleTime: 60_000,
  });
  return status.data?.clock.now ?? null;
}
