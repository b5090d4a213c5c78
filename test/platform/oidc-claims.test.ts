import {describe, expect, it} from 'vitest';
import {principalOf, readRoleMap} from '../../platform/oidc-claims.ts';

const names = {
  ...{role: 'realm_access.roles', party: 'forestock_party'},
  ...{depots: 'forestock_depots', segments: 'forestock_segments'},
};
const roles = readRoleMap('parts-planners=planner, sup=supplier,it=admin')!;
const who = (claims: object) => principalOf({sub: '7', ...claims}, {names, roles});

describe('who somebody is by the claims of a provider', () => {
  it('K3 has the first role of the map that the provider gives, wherever the claim stands', () => {
    expect(who({realm_access: {roles: ['it', 'parts-planners']}, preferred_username: 'ada'})).toEqual({
      ok: true,
      value: {kind: 'oidc', name: 'ada', role: 'planner', partyId: null, depotIds: null, segments: null},
    });
    expect(who({'realm_access.roles': 'it'})).toMatchObject({value: {name: '7', role: 'admin'}});
    expect(who({realm_access: {roles: ['parts-planners']}, forestock_depots: ['D-1', 'D-2']})).toMatchObject({
      value: {depotIds: ['D-1', 'D-2']},
    });
    expect(who({realm_access: {roles: ['sup']}, forestock_party: 'SUP'})).toMatchObject({
      value: {role: 'supplier', partyId: 'SUP'},
    });
    const bound = {realm_access: {roles: ['sup']}, forestock_party: 'SUP', forestock_segments: 'B'};
    expect(who(bound)).toMatchObject({value: {partyId: 'SUP', segments: ['B']}});
  });

  it.each([
    {},
    {realm_access: 'it'},
    {realm_access: {roles: ['admin']}}, // a role here is none there
    {realm_access: {roles: [['it']]}},
    {roles: ['it']},
    {realm_access: {roles: ['sup']}},
    {realm_access: {roles: ['it']}, forestock_party: 'SUP'},
    // A segment that is none must not come to all of them.
    {realm_access: {roles: ['sup']}, forestock_party: 'SUP', forestock_segments: ['B', 'b']},
    JSON.parse('{"__proto__": {"realm_access": {"roles": ["it"]}}}') as object,
  ])('K3 has no role by %j', (claims) => {
    expect(who(claims)).toMatchObject({ok: false, reason: 'jwt-without-role'});
  });

  it('K3 a name that a provider gives cannot pass for another kind of actor', () => {
    expect(who({realm_access: {roles: ['it']}, preferred_username: 'a b\n<c>'})).toMatchObject({
      value: {name: 'a_b__c_'},
    });
  });

  it('K3 a map that cannot be read is none', () => {
    expect(readRoleMap('a=b=planner')).toEqual([['a=b', 'planner']]);
    for (const text of ['', 'planner', '=planner', 'a=king', 'a=planner,'])
      expect(readRoleMap(text)).toBeNull();
  });
});
