import type {JSX} from 'preact';
import {CAUSES, LEVELS} from '../../data/backorders.ts';
import type {Cause, Level} from '../../data/backorders.ts';
import {NO_FILTER} from './filter.ts';
import type {BackorderFilter} from './filter.ts';

export function Filters({
  filter,
  change,
}: {
  readonly filter: BackorderFilter;
  readonly change: (filter: BackorderFilter) => void;
}): JSX.Element {
  const text = (key: 'partId' | 'depotId' | 'customerPartyId', label: string): JSX.Element => (
    <label>
      {label}{' '}
      <input
        size={10}
        value={filter[key]}
        onChange={(event) => change({...filter, [key]: event.currentTarget.value.trim()})}
      />
    </label>
  );
  return (
    <form
      class="actions filters"
      aria-label="Narrow the register"
      onSubmit={(event) => event.preventDefault()}
    >
      {text('partId', 'Part')}
      {text('depotId', 'Depot')}
      {text('customerPartyId', 'Customer')}
      <label>
        Level{' '}
        <select
          value={filter.level}
          onChange={(event) => change({...filter, level: event.currentTarget.value as Level | ''})}
        >
          <option value="">any</option>
          {Object.entries(LEVELS).map(([level, said]) => (
            <option key={level} value={level}>
              {said} or worse
            </option>
          ))}
        </select>
      </label>
      <label>
        Cause{' '}
        <select
          value={filter.cause}
          onChange={(event) => change({...filter, cause: event.currentTarget.value as Cause | ''})}
        >
          <option value="">any</option>
          {Object.entries(CAUSES).map(([cause, said]) => (
            <option key={cause} value={cause}>
              {said}
            </option>
          ))}
        </select>
      </label>
      <button type="button" disabled={filter === NO_FILTER} onClick={() => change(NO_FILTER)}>
        Show all
      </button>
    </form>
  );
}
