import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {PERMISSIONS, permissionsOf, reachOf} from '../../../console/api/permissions.ts';
import {ownDepot, ownParty} from '../../../console/api/reach.ts';
import {INSTALLATION, ROLES, auditName, standingProblem} from '../../../platform/principal.ts';
import type {Principal} from '../../../platform/principal.ts';

const somebody = (more: Partial<Principal>): Principal => ({
  kind: 'user',
  name: 'somebody',
  role: 'planner',
  partyId: null,
  depotIds: null,
  ...more,
});

describe('permissions', () => {
  it('K3 docs/access.md shows the matrix as it is', () => {
    const cells = readFileSync('docs/access.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const shown = {all: 'yes', depots: 'own depots', party: 'own party'};
    const rows = Object.entries(PERMISSIONS).map(([name, {about, roles}]) => [
      `\`${name}\``,
      about,
      ...ROLES.map((role) => {
        const scope = (roles as Partial<Record<string, keyof typeof shown>>)[role];
        return scope === undefined ? '' : shown[scope];
      }),
    ]);
    expect(cells.filter(([first]) => !first!.startsWith('-'))).toEqual([
      ['permission', 'what', ...ROLES],
      ...rows,
    ]);
  });

  it('K3 reaches as far as the role and its bounds go', () => {
    expect(reachOf(somebody({depotIds: ['D-1']}), 'stock.book')).toEqual({kind: 'depots', depotIds: ['D-1']});
    expect(reachOf(somebody({}), 'stock.book')).toEqual({kind: 'all'});
    expect(reachOf(somebody({depotIds: ['D-1']}), 'stock.read')).toEqual({kind: 'all'});
    expect(reachOf(somebody({role: 'auditor'}), 'stock.book')).toBeNull();
    expect(reachOf(somebody({role: 'customer', partyId: 'CUS'}), 'repairs.read')).toEqual({
      kind: 'party',
      partyId: 'CUS',
    });
    // Somebody of a party without one is somebody of no party, not of all.
    expect(reachOf(somebody({role: 'customer'}), 'repairs.read')).toBeNull();
    expect(permissionsOf(INSTALLATION)).toEqual(Object.keys(PERMISSIONS));
    expect(permissionsOf(somebody({role: 'equipment'}))).toEqual(['api.describe']);
  });

  it('K3 a bound is kept: the own party, named or not, and one of the own depots', () => {
    const party = {kind: 'party', partyId: 'SVC-B'} as const;
    expect(ownParty(party, undefined)).toEqual({ok: true, value: 'SVC-B'});
    expect(ownParty(party, 'SVC-A')).toMatchObject({ok: false, reason: 'foreign-party'});
    expect(ownParty({kind: 'all'}, 'SVC-A')).toEqual({ok: true, value: 'SVC-A'});
    const depots = {kind: 'depots', depotIds: ['D-1']} as const;
    expect(ownDepot(depots, ['D-C', 'D-1'])).toMatchObject({ok: true});
    expect(ownDepot(depots, ['D-2'])).toMatchObject({ok: false, reason: 'foreign-depot'});
    expect(ownDepot(depots, [])).toMatchObject({ok: false, reason: 'foreign-depot'});
    expect(ownDepot({kind: 'all'}, [])).toMatchObject({ok: true});
  });

  it('K3 a role goes with the bounds it can have', () => {
    const problem = (more: Partial<Principal>): string | null => standingProblem(somebody(more));
    expect(problem({depotIds: ['D-1']})).toBeNull();
    expect(problem({role: 'supplier', partyId: 'SUP'})).toBeNull();
    expect(problem({role: 'supplier'})).toContain('name it');
    expect(problem({role: 'admin', partyId: 'SUP'})).toContain('no role of a party');
    expect(problem({role: 'ops', depotIds: ['D-1']})).toContain('depots bound a planner');
  });

  it('K3 the audit trail cannot take a token for a person', () => {
    expect(auditName(somebody({name: 'planner-1'}))).toBe('planner-1');
    expect(auditName(somebody({kind: 'token', name: 'planner-1'}))).toBe('token planner-1');
    expect(auditName(somebody({kind: 'oidc', name: 'planner-1'}))).toBe('oidc planner-1');
  });
});
