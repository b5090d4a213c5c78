import {NO_FIGURES, type Figures} from './books.ts';

export function totalMinor({orderingMinor, rescueMinor, holdingMinor, downtimeMinor}: Figures): number {
  return orderingMinor + rescueMinor + holdingMinor + downtimeMinor;
}

export function fillRate({asked, filledAtOnce}: Figures): number {
  return asked === 0 ? 1 : filledAtOnce / asked;
}

export function sumFigures(all: readonly Figures[]): Figures {
  const sum = {...NO_FIGURES};
  for (const figures of all)
    for (const name of Object.keys(sum) as (keyof Figures)[]) sum[name] += figures[name];
  return sum;
}
