/** What the end of a field's name says of its unit; the longer ends first. */
const UNITS: readonly (readonly [end: string, unit: string])[] = [
  ['MinorPerH', 'cents an hour'],
  ['Minor', 'cents'],
  ['Ppm', 'parts per million'],
  ['Share', 'share, 0 to 1'],
  ['PerDay', 'a day'],
  ['PerHour', 'an hour'],
  ['Days', 'days'],
  ['Hours', 'hours'],
  ['H', 'hours'],
  ['D', 'days'],
];

interface FieldWords {
  readonly label: string;
  readonly unit?: string;
}

/**
 * What a tunable's field is called on the page. A bound keeps its word: it may stand behind the unit, or before it.
 *
 * Example: 'shortageFloorMinorPerH' → 'Shortage floor', 'cents an hour'; 'holdingDaysMax' → 'Holding max', 'days'.
 */
export function fieldWords(field: string): FieldWords {
  const [, name, bound] = /^(.+?)(Max|Min)?$/.exec(field)!;
  const [end, unit] = UNITS.find(([one]) => name!.endsWith(one) && name !== one) ?? ['', undefined];
  const words = (name!.slice(0, name!.length - end.length) + (bound ?? ''))
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const label = words.charAt(0).toUpperCase() + words.slice(1);
  return unit === undefined ? {label} : {label, unit};
}
