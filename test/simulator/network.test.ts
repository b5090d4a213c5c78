import {describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {checkFolder} from '../../network/core/check-folder.ts';
import {toRawFolder} from '../../network/core/master-data.ts';
import {contractTerms} from '../../simulator/contract-terms.ts';
import {rowsOf, toCsv} from '../../simulator/master-data.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import {CENTRAL, REGIONS, distanceKm, roadHours} from '../../simulator/places.ts';

const startAt = epochMs(Date.UTC(2026, 0, 5));
const network = referenceNetwork({seed: 1, startAt, machines: 60});

describe('the reference network', () => {
  it('is the same for the same seed and another for another', () => {
    expect(referenceNetwork({seed: 1, startAt, machines: 60})).toEqual(network);
    expect(referenceNetwork({seed: 2, startAt, machines: 60})).not.toEqual(network);
  });

  it('is an import folder without a mistake, with its contracts written out as terms too', () => {
    expect(checkFolder(toRawFolder(network)).mistakes).toEqual([]);
    const contract_term = contractTerms(network);
    expect(checkFolder(toRawFolder({...network, contract_term})).mistakes).toEqual([]);
    expect(new Set(contract_term.map(({type}) => type))).toEqual(new Set(['sla', 'penalty', 'bonus']));
  });

  it('keeps every machine as it was when another is added', () => {
    const larger = referenceNetwork({seed: 1, startAt, machines: 61});
    for (const table of ['equipment', 'installation', 'service_area']) {
      const smaller = rowsOf(network, table);
      expect(rowsOf(larger, table).slice(0, smaller.length)).toEqual(smaller);
    }
    expect(rowsOf(larger, 'equipment')).toHaveLength(61);
  });

  it('has one component running in each position of each machine that is not at a standstill', () => {
    const running = rowsOf(network, 'installation').filter((row) => row['removed_at'] === '');
    const places = running.map((row) => `${String(row['equipment_id'])} ${String(row['position_id'])}`);
    expect(new Set(places).size).toBe(places.length);
    expect(places.length).toBeGreaterThan(60 * 4 - 5);
    expect(new Set(rowsOf(network, 'installation').map((row) => row['component_id'])).size).toBe(
      rowsOf(network, 'installation').length,
    );
  });

  it('starts calm: every region holds what is used there, but for four empty shelves', () => {
    const stocked = new Set(
      rowsOf(network, 'opening_stock').map((row) => `${String(row['part_id'])} ${String(row['depot_id'])}`),
    );
    const used = rowsOf(network, 'part_depot').filter((row) => Number(row['background_per_year']) > 0);
    const empty = used
      .map((row) => `${String(row['part_id'])} ${String(row['depot_id'])}`)
      .filter((shelf) => !stocked.has(shelf));
    expect(empty.sort()).toEqual(['FAN-910-EC LYS-1', 'GBX-RV-40 HAM-1', 'SRV-M-15 WAW-1', 'UNL-50 OTP-1']);
  });

  it('measures distances on the globe and lets drivers rest', () => {
    const madrid = REGIONS.find((region) => region.depot.name === 'Madrid')!.depot;
    const hamburg = REGIONS.find((region) => region.depot.name === 'Hamburg')!.depot;
    expect(distanceKm(hamburg, madrid)).toBeGreaterThan(1750);
    expect(distanceKm(hamburg, madrid)).toBeLessThan(1800);
    expect(distanceKm(CENTRAL, CENTRAL)).toBe(0);
    expect(roadHours(104)).toBeCloseTo(2, 9); // 104 km · 1.25 / 65 km/h
    expect(roadHours(1040)).toBeCloseTo(20 + 2 * 11, 9); // 20 h at the wheel: two rests
  });

  it('writes CSV that survives commas and quotes', () => {
    expect(toCsv([{id: 'A', name: 'x, "y"'}, {id: 'B'}])).toBe('id,name\nA,"x, ""y"""\nB,\n');
  });
});
