import {randomBytes} from 'node:crypto';
import {invariant} from '../domain/invariant.ts';
import {wallClock} from '../platform/clock.ts';
import type {Role, Standing} from '../platform/principal.ts';
import {openUsers} from '../platform/users.ts';
import type {MasterData, MasterRow} from '../simulator/master-data.ts';
import type {Engine} from './engine.ts';
import {table} from './output.ts';

/** 96 bits in hexadecimal, in which the name of no role can occur. */
const PASSWORD_BYTES = 12;

interface DemoUser {
  /** The name of the role, too. */
  readonly name: Role;
  readonly partyId: string | null;
  readonly password: string;
}

/** One user a role, named after it, for the party that has most to see. Passwords are made anew and kept nowhere. */
export async function addDemoUsers(
  {database, clock}: Pick<Engine, 'database' | 'clock'>,
  network: MasterData,
): Promise<readonly DemoUser[]> {
  const users = openUsers(database.pool('forestock_platform'), {worldClock: clock, wallClock});
  const customer = commonest(network['equipment'], 'customer_party_id');
  const orderedFrom = network['sourcing']?.filter((row) => row['source_kind'] === 'supplier');
  const parties: readonly (readonly [Role, string | null])[] = [
    ['planner', null],
    ['ops', null],
    ['technician', customer],
    ['supplier', commonest(orderedFrom, 'source_id')],
    ['customer', customer],
    ['auditor', null],
    ['admin', null],
  ];
  const added: DemoUser[] = [];
  for (const [name, partyId] of parties) {
    const password = randomBytes(PASSWORD_BYTES).toString('hex');
    const standing: Standing = {role: name, partyId, depotIds: null, segments: null};
    const done = await users.add({name, password, ...standing}, 'demo');
    invariant(done.ok, 'an empty installation takes a user a role');
    added.push({name, partyId, password});
  }
  return added;
}

/** The passwords, which nothing shows again. */
export function usersText(users: readonly DemoUser[], url: string): string {
  const rows = users.map(({name, partyId, password}) => [name, partyId ?? 'the installation', password]);
  return `${table(['user', 'speaks for', 'password, shown this once'], rows)}\nSign in on ${url}; each role sees another console.`;
}

/** The value that most rows have in a column; of equals the first. Example: SUP-A, SUP-B, SUP-B → 'SUP-B'. */
function commonest(rows: readonly MasterRow[] = [], column: string): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = String(row[column]);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  invariant(most !== undefined, `the reference network has rows with ${column}`);
  return most[0];
}
