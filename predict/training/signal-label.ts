/** How units are spelt at the end of signal names: 'oil_temperature_c' is the oil temperature. */
const UNIT_SUFFIX: Readonly<Record<string, string>> = {
  'mm/s': '_mm_s',
  bar: '_bar',
  degC: '_c',
  '°C': '_c',
  A: '_a',
  K: '_k',
  '%': '_pct',
  s: '_s',
  kPa: '_kpa',
};

/** A signal as a planner says it. Example: ('oil_temperature_c', 'degC') → 'oil temperature'. */
export function signalLabel(name: string, unit: string): string {
  const suffix = UNIT_SUFFIX[unit] ?? '';
  const bare = suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
  return bare.replaceAll('_', ' ');
}
