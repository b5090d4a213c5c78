import type {UseQueryResult} from '@tanstack/preact-query';
import type {ComponentChildren, JSX} from 'preact';
import {RequestError} from '../data/client.ts';

/** Says what is on its way; screen readers hear it, and nothing moves when it comes. */
export function Loading({what}: {readonly what: string}): JSX.Element {
  return (
    <p class="state quiet" role="status" aria-busy="true">
      Loading {what} …
    </p>
  );
}

/** What went wrong, in the service's own words, and a way to try again. */
export function Failure({error, retry}: {readonly error: Error; readonly retry?: () => void}): JSX.Element {
  const details = error instanceof RequestError ? error.refusal.details : [];
  return (
    <div class="state failure" role="alert">
      <p>{error.message}</p>
      {details.map(({path, what, nextStep}) => (
        <p key={path + what} class="quiet">
          {path}: {what}. {nextStep}
        </p>
      ))}
      {retry && <button onClick={retry}>Try again</button>}
    </div>
  );
}

/** Nothing there is an answer too: say what would be here, and when. */
export function Empty({children}: {readonly children: ComponentChildren}): JSX.Element {
  return <p class="state quiet">{children}</p>;
}

/**
 * Loading, failure or the data of a query. Data that is there stays on the screen while it is read again, and also when that fails.
 *
 * Example: `<Loaded query={alerts} what="alerts">{({alerts}) => <List rows={alerts} />}</Loaded>`
 */
export function Loaded<T>({
  query,
  what,
  children,
}: {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}): JSX.Element {
  const {data, error} = query;
  const retry = (): void => void query.refetch();
  if (data === undefined) return error ? <Failure error={error} retry={retry} /> : <Loading what={what} />;
  return (
    <>
      {error && <Failure error={error} retry={retry} />}
      {children(data)}
    </>
  );
}
