import type {JSX} from 'preact';
import type {Answer} from '../../data/client.ts';
import {Badge} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';

export type Model = Answer<'/api/v1/models'>['models'][number];
export type Standing = Model['standings'][number];

const TONE: Record<Standing['state'], 'good' | 'warn' | 'bad' | 'quiet'> = {
  champion: 'good',
  shadow: 'quiet',
  'fallen-back': 'bad',
  retired: 'quiet',
};

/** What a version is to one of its classes, since when and by whom. */
export function StandingLine({standing}: {readonly standing: Standing}): JSX.Element {
  return (
    <p>
      <Badge tone={TONE[standing.state]}>{standing.state}</Badge> of {standing.equipmentClassId}{' '}
      <span class="quiet">
        since <Instant at={standing.since} year />, by {standing.actor}: {standing.reason}
      </span>
    </p>
  );
}
