import type {JSX} from 'preact';
import {Section} from '../../ui/page.tsx';
import {Sentence} from '../../ui/sentence.tsx';
import {Empty} from '../../ui/states.tsx';
import type {Decision} from './why-data.ts';

/** Reasons that say a limit of a contract, a supplier, a shelf or the policy had its way. */
const LIMITS = new Set([
  'contract-term',
  'contract-charges',
  'rounded-up',
  'source-short',
  'stock-capped',
  'needs-approval',
  'saving-below-margin',
  'no-source',
  'order-stands',
  'reorder-point-overridden',
]);

/** Terms and limits that bind the decision or one of its options. */
export function Terms({decision: {reasons, alternatives}}: {readonly decision: Decision}): JSX.Element {
  const bound = reasons.filter(({code}) => LIMITS.has(code)).map(({text}) => text);
  const others = alternatives.flatMap(({text, terms = []}) =>
    terms.map((term) => ({option: text, said: term.text})),
  );
  return (
    <Section title="Terms and limits">
      {bound.length === 0 && others.length === 0 && <Empty>No contract and no limit had a say in it.</Empty>}
      <ul>
        {[...new Set(bound)].map((text) => (
          <li key={text}>
            <Sentence>{text}</Sentence>
          </li>
        ))}
        {others.map(({option, said}) => (
          <li key={option + said}>
            <span class="quiet">{option}:</span> {said}
          </li>
        ))}
      </ul>
    </Section>
  );
}
