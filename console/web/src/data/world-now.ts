import {useQuery} from '@tanstack/preact-query';
import {api, ask} from './client.ts';

/** The service's own time, ISO 8601 in UTC, as the page was opened with: what a window counts back from. Null: not heard yet. */
export function useWorldNow(): string | null {
  const status = useQuery({
    queryKey: ['world-now'],
    queryFn: () => ask(api.GET('/api/v1/status')),
    staleTime: 60_000,
  });
  return status.data?.clock.now ?? null;
}
