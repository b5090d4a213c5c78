import {expect, it} from 'vitest';
import {fieldWords} from '../../console/web/src/pages/tuning/field-words.ts';

it('B5 a tunable’s field is called by words, with its unit where its name says one', () => {
  const said = [
    'shortageFloorMinorPerH',
    'holdingDaysMax',
    'autoOrderMaxMinor',
    'marginShare',
    'materialPpm',
  ];
  expect(said.map(fieldWords)).toEqual([
    {label: 'Shortage floor', unit: 'cents an hour'},
    {label: 'Holding max', unit: 'days'},
    {label: 'Auto order max', unit: 'cents'},
    {label: 'Margin', unit: 'share, 0 to 1'},
    {label: 'Material', unit: 'parts per million'},
  ]);
  expect(['hysteresis', 'perHour', 'reviewH', 'escalation'].map(fieldWords)).toEqual([
    {label: 'Hysteresis'},
    {label: 'Per hour'},
    {label: 'Review', unit: 'hours'},
    {label: 'Escalation'},
  ]);
});
