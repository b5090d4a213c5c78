import {describe, expect, it} from 'vitest';
import {TermScope, readTerm} from '../../../domain/contract-term.ts';
import {
  sendableTo,
  whyDepotBarred,
  whyLaneBarred,
  whySupplierBarred,
} from '../../../replenish/core/supply/rules.ts';
import type {TermInForce} from '../../../replenish/core/supply/rules.ts';

const part = {partId: 'BAT-1', flags: ['lithium', 'ecl-5A992']};

function term(type: string, params: unknown, scope: Record<string, string[]> = {}): TermInForce {
  const read = readTerm(type, params);
  if (!read.ok) throw new Error(read.detail);
  return {...read.value, contractId: 'K-1', scope: TermScope.parse(scope)};
}

describe('lanes and depots', () => {
  const lane = {fromDepotId: 'A', toDepotId: 'B', mode: 'air', forbiddenFlags: ['lithium']};

  it('F9 a lane does not carry what it is closed to, and says so', () => {
    expect(whyLaneBarred(part, lane, [])).toBe('air from A to B carries no lithium');
    expect(whyLaneBarred({...part, flags: ['ecl-5A992']}, lane, [])).toBeNull();
  });

  it('F9 a contract closes a lane to a class of goods, or opens it with a licence only', () => {
    const open = {...lane, forbiddenFlags: []};
    const forbids = term('lane', {rule: 'forbidden', toDepotId: 'B', partFlags: ['ecl-5A992']});
    expect(whyLaneBarred(part, open, [forbids])).toBe('contract K-1 forbids ecl-5A992 from A to B');
    expect(whyLaneBarred(part, {...open, toDepotId: 'C'}, [forbids])).toBeNull();
    expect(whyLaneBarred({...part, flags: []}, open, [forbids])).toBeNull();
    const licence = term('lane', {rule: 'licence-needed', fromDepotId: 'A'}, {partIds: ['BAT-1']});
    expect(whyLaneBarred(part, open, [licence])).toBe(
      'contract K-1 asks for a licence to send this part from A to B',
    );
    expect(whyLaneBarred({...part, partId: 'OTHER'}, open, [licence])).toBeNull();
  });

  it('F9 a depot takes in nothing that it may not store', () => {
    expect(whyDepotBarred(part, {depotId: 'B', forbiddenFlags: ['lithium']})).toBe('B stores no lithium');
    expect(whyDepotBarred(part, {depotId: 'B', forbiddenFlags: []})).toBeNull();
  });
});

describe('exclusivity', () => {
  const asked = {depotId: 'B', supplierId: 'CHEAP', emergency: false, waived: false};
  const bound = term('exclusivity', {supplierPartyId: 'BEST'}, {depotIds: ['B']});

  it('J10 only the contracted supplier is asked, for the depots and parts that the term names', () => {
    expect(whySupplierBarred(part, asked, [bound])).toBe('contract K-1 binds it to BEST');
    expect(whySupplierBarred(part, {...asked, supplierId: 'BEST'}, [bound])).toBeNull();
    expect(whySupplierBarred(part, {...asked, depotId: 'C'}, [bound])).toBeNull();
  });

  it('J10 emergencies pass where the term excepts them, and whatever was waived', () => {
    const strict = term('exclusivity', {supplierPartyId: 'BEST', emergencyExcepted: false});
    expect(whySupplierBarred(part, {...asked, emergency: true}, [bound])).toBeNull();
    expect(whySupplierBarred(part, {...asked, emergency: true}, [strict])).not.toBeNull();
    expect(whySupplierBarred(part, {...asked, waived: true}, [strict])).toBeNull();
  });
});

describe('ownership', () => {
  const shelf = {
    depotId: 'A',
    owned: [
      {ownerPartyId: 'OWN', pieces: 1},
      {ownerPartyId: 'PARTNER', pieces: 3},
    ],
  };
  const agreed = term('usableBy', {ownerPartyId: 'PARTNER', partyIds: ['OWN']}, {depotIds: ['A']});

  it('J2 a party is sent its own pieces first, then those of an owner who agreed, and nobody else’s', () => {
    expect(sendableTo(part, 'OWN', shelf, [])).toEqual({ownerPartyId: 'OWN', pieces: 1});
    const theirs = {...shelf, owned: shelf.owned.slice(1)};
    expect(sendableTo(part, 'OWN', theirs, [])).toBeNull();
    expect(sendableTo(part, 'OWN', theirs, [agreed])).toEqual({ownerPartyId: 'PARTNER', pieces: 3});
    expect(sendableTo(part, 'OTHER', theirs, [agreed])).toBeNull();
    expect(sendableTo(part, 'OWN', {...theirs, depotId: 'C'}, [agreed])).toBeNull();
  });
});
