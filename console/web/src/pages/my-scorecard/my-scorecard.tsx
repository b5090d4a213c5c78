import type {JSX} from 'preact';
import {Page} from '../../ui/page.tsx';
import {Scorecard} from '../../ui/scorecard.tsx';

export default function MyScorecard(): JSX.Element {
  return (
    <Page title="My scorecard">
      <Scorecard />
    </Page>
  );
}
