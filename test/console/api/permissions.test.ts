import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {PERMISSIONS, permissionsOf, reachOf} from '../../../console/api/permissions.ts';
import {ownParty, ownShelf} from '../../../console/api/reach.ts';
import type {Shelves} from '../../../console/api/reach.ts';
import {INSTALLATION, ROLES, auditName, standingProblem} from '../../../platform/principal.ts';
import type {Principal} from '../../../platform/principal.ts';

const somebody = (more: Partial<Principal>): Principal => ({
  kind: 'user',
  name: 'somebody',
  role: 'planner',
  partyId: null,
  depotIds: null,
  segments: null,
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
    const shown = {all: 'yes', shelves: 'own shelves', party: 'own party'};
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
    expect(reachOf(somebody({depotIds: ['D-1']}), 'stock.book')).toEqual({
      ...{kind: 'shelves', depotIds: ['D-1'], segments: null},
    });
    expect(reachOf(somebody({segments: ['A']}), 'proposals.answer')).toEqual({
      ...{kind: 'shelves', depotIds: null, segments: ['A']},
    });
    expect(reachOf(somebody({}), 'stock.book')).toEqual({kind: 'all'});
    expect(reachOf(somebody({depotIds: ['D-1']}), 'stock.read')).toEqual({kind: 'all'});
    expect(reachOf(somebody({role: 'auditor'}), 'stock.book')).toBeNull();
    expect(reachOf(somebody({role: 'customer', partyId: 'CUS'}), 'repairs.read')).toEqual({
      kind: 'party',
      partyId: 'CUS',
      segments: null,
    });
    expect(reachOf(somebody({role: 'supplier', partyId: 'S', segments: ['B']}), 'own-orders.read')).toEqual({
      ...{kind: 'party', partyId: 'S', segments: ['B']},
    });
    // Somebody of a party without one is somebody of no party, not of all.
    expect(reachOf(somebody({role: 'customer'}), 'repairs.read')).toBeNull();
    expect(permissionsOf(INSTALLATION)).toEqual(Object.keys(PERMISSIONS));
    expect(permissionsOf(somebody({role: 'equipment'}))).toEqual(['api.describe']);
  });

  it('K3 a bound is kept: the own party, named or not, and the own depots and segments', () => {
    const party = {kind: 'party', partyId: 'SVC-B', segments: null} as const;
    expect(ownParty(party, undefined)).toEqual({ok: true, value: 'SVC-B'});
    expect(ownParty(party, 'SVC-A')).toMatchObject({ok: false, reason: 'foreign-party'});
    expect(ownParty({kind: 'all'}, 'SVC-A')).toEqual({ok: true, value: 'SVC-A'});
    const depots = {kind: 'shelves', depotIds: ['D-1'], segments: null} as const;
    const at = (...depotIds: string[]): Shelves => ({depotIds, segments: ['C']});
    expect(ownShelf(depots, at('D-C', 'D-1'))).toMatchObject({ok: true});
    expect(ownShelf(depots, at('D-2'))).toMatchObject({ok: false, reason: 'foreign-depot'});
    expect(ownShelf(depots, at())).toMatchObject({ok: false, reason: 'foreign-depot'});
    expect(ownShelf({kind: 'all'}, at())).toMatchObject({ok: true});
    const both = {kind: 'shelves', depotIds: ['D-1'], segments: ['A', 'B']} as const;
    expect(ownShelf(both, {depotIds: ['D-1'], segments: ['B']})).toMatchObject({ok: true});
    expect(ownShelf(both, {depotIds: ['D-2'], segments: ['B']})).toMatchObject({reason: 'foreign-depot'});
    expect(ownShelf(both, at('D-1'))).toMatchObject({ok: false, reason: 'foreign-segment'});
    const segment = {kind: 'shelves', depotIds: null, segments: ['A']} as const;
    expect(ownShelf(segment, {depotIds: ['D-9'], segments: ['A', 'C']})).toMatchObject({ok: false});
  });

  it('K3 a role goes with the bounds it can have', () => {
    const problem = (more: Partial<Principal>): string | null => standingProblem(somebody(more));
    expect(problem({depotIds: ['D-1']})).toBeNull();
    expect(problem({role: 'supplier', partyId: 'SUP'})).toBeNull();
    expect(problem({role: 'supplier'})).toContain('name it');
    expect(problem({role: 'admin', partyId: 'SUP'})).toContain('no role of a party');
    expect(problem({role: 'ops', depotIds: ['D-1']})).toContain('depots bound a planner');
    expect(problem({segments: ['A']})).toBeNull();
    expect(problem({role: 'supplier', partyId: 'SUP', segments: ['A']})).toBeNull();
    expect(problem({role: 'auditor', segments: ['A']})).toContain('segments bound');
  });

  it('K3 the audit trail cannot take a token for a person', () => {
    expect(auditName(somebody({name: 'planner-1'}))).toBe('planner-1');
    expect(auditName(somebody({kind: 'token', name: 'planner-1'}))).toBe('token planner-1');
    expect(auditName(somebody({kind: 'oidc', name: 'planner-1'}))).toBe('oidc planner-1');
  });
});
