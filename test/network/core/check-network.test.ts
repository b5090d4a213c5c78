import {describe, expect, it} from 'vitest';
import {checkFolder} from '../../../network/core/check-folder.ts';
import {toRawFolder} from '../../../network/core/master-data.ts';
import {mistakeText} from '../../../network/core/mistake.ts';
import {tinyNetwork} from '../tiny-network.ts';

describe('the door', () => {
  it('a depot is no workshop: a repair there would take good pieces from its shelf', () => {
    const network = tinyNetwork();
    const repair = {part_id: 'P-1', depot_id: 'D-1', kind: 'repair', lead_time_mean_d: 3, lead_time_sd_d: 1};
    const asked = {...repair, source_kind: 'depot', source_id: 'D-C', price_minor: 20_000};
    const {mistakes} = checkFolder(toRawFolder({...network, sourcing: [...network['sourcing']!, asked]}));
    expect(mistakes.map(mistakeText)).toEqual([expect.stringContaining('depot D-C is no workshop')]);
    expect(checkFolder(toRawFolder(network)).mistakes).toEqual([]);
  });
});
