import {UNDERSTOOD} from './inbound.ts';
import type {FunctionalGroup, Interchange, Segment} from './interchange.ts';

/**
 * What is answered to each group of an interchange that could be read: a 997, which says which documents are understood, not what
 * becomes of them.
 *
 * Example: one 855 → AK1*PR*1, AK2*855*0001, AK5*A, AK9*A*1*1*1.
 */
export function acknowledgementsOf({groups}: Interchange): readonly (readonly Segment[])[] {
  // A 997 is never answered by one: that would not end.
  return groups.filter(({code}) => code !== 'FA').map(acknowledgementOf);
}

function acknowledgementOf({code, control, sets}: FunctionalGroup): readonly Segment[] {
  const accepted = sets.filter(({id}) => id in UNDERSTOOD).length;
  const verdict = accepted === sets.length ? 'A' : accepted === 0 ? 'R' : 'P';
  return [
    {tag: 'AK1', elements: [code, control]},
    ...sets.flatMap(({id, control: number}): Segment[] => [
      {tag: 'AK2', elements: [id, number]},
      {tag: 'AK5', elements: id in UNDERSTOOD ? ['A'] : ['R', '1']},
    ]),
    {tag: 'AK9', elements: [verdict, String(sets.length), String(sets.length), String(accepted)]},
  ];
}
