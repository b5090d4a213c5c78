import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {pieces} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Loaded} from '../../ui/states.tsx';

/** What somebody has stated to lie on the shelf last, beside the ledger of that instant, and what is reckoned with; nothing where nobody states it. */
export function Stated({partId, depotId}: {readonly partId: string; readonly depotId: string}): JSX.Element {
  const newest = useQuery({
    queryKey: ['stock-statements', partId, depotId],
    queryFn: () => ask(api.GET('/api/v1/stock/statements', {params: {query: {partId, depotId, limit: 1}}})),
  });
  return (
    <Loaded query={newest} what="what was stated">
      {({statements: [stated]}) =>
        stated === undefined ? (
          <></>
        ) : (
          <dl class="facts">
            <dt>Stated by {stated.source}</dt>
            <dd>
              {pieces(stated.statedQty)}, <Instant at={stated.countedAt} />
            </dd>
            <dt>Ledger then</dt>
            <dd>
              {pieces(stated.ledgerQty)}
              {stated.agrees ? ', which agrees' : ''}
            </dd>
            {stated.openCase !== null && (
              <>
                <dt>Reckoned with</dt>
                <dd>{pieces(stated.ledgerQty - stated.openCase.heldBackQty)} of that instant</dd>
                <dt>Case</dt>
                <dd>
                  <Link href="/alerts?kind=stock-discrepancy">
                    {stated.openCase.owner === null ? 'nobody’s yet' : `of ${stated.openCase.owner}`}
                  </Link>
                  {stated.openCase.dueAt !== null && (
                    <>
                      , due <Instant at={stated.openCase.dueAt} />
                    </>
                  )}
                </dd>
              </>
            )}
          </dl>
        )
      }
    </Loaded>
  );
}
