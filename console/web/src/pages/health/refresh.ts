import {useQueryClient} from '@tanstack/preact-query';

/** What waits is looked at anew so often; rows keep their place, and what is open in a dialog stays as it is. */
export const LOOK_AGAIN_MS = 10_000;

/** Reads the lists of this page anew after something was mended. */
export function useMended(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all(
      ['health', 'dead-letters', 'quarantine', 'effects'].map((key) =>
        queries.invalidateQueries({queryKey: [key]}),
      ),
    );
  };
}
