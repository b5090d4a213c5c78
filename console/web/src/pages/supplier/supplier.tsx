import type {JSX} from 'preact';
import {usePageIds} from '../../ui/page-ids.ts';
import {Page} from '../../ui/page.tsx';
import {Scorecard} from '../../ui/scorecard.tsx';

/** What planners see of a supplier: what it sees of itself. */
export default function SupplierPage(): JSX.Element {
  const {partyId} = usePageIds('partyId');
  return (
    <Page title={`Supplier ${partyId}`}>
      <Scorecard partyId={partyId} />
    </Page>
  );
}
