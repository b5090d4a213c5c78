import {inTransaction, together} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {GroupBook, GroupRows} from '../group-book.ts';
import {recordAlerts} from './alert-rows.ts';
import {addDecision, raiseVersion, takeOrderOfDay} from './decision-rows.ts';
import {claim, clearUnplannable, link, sayUnplannable} from './group-signals.ts';
import {orderRows} from './order-rows.ts';
import {promiseLines} from './promise-rows.ts';
import {release} from './reservation-rows.ts';
import {loadSituations} from './situation-rows.ts';
import {lastDecision, latestActs, withdraw} from './standing-acts.ts';
import {recordStandings} from './standing-rows.ts';

export function pgGroupBook(pool: Pool): GroupBook {
  return {
    inTransaction: (work, isolation) => inTransaction(pool, (client) => work(groupRows(client)), isolation),
  };
}

function groupRows(client: Client): GroupRows {
  return {
    ...orderRows(client),
    claim: (groupId) => claim(client, groupId),
    latestActs: (groupId, now) => latestActs(client, groupId, now),
    lastDecision: (groupId) => lastDecision(client, groupId),
    situations: (groupId, now, policy) => loadSituations(client, groupId, now, policy),
    raiseVersion: (groupId) => raiseVersion(client, groupId),
    takeOrderOfDay: (now, ordersMax) => takeOrderOfDay(client, now, ordersMax),
    addDecision: (row) => addDecision(client, row),
    withdraw: (decisionId, now) => withdraw(client, decisionId, now),
    link: (signalIds, decisionId) => link(client, signalIds, decisionId),
    sayUnplannable: (said) => sayUnplannable(client, said),
    clearUnplannable: (groupId, now) => clearUnplannable(client, groupId, now),
    release: (released) => release(client, released),
    async tell({settled, situations, decisionId, now}) {
      await together([
        recordAlerts(client, {settled, now, decisionId}),
        recordStandings(client, {settled, now}),
      ]);
      await promiseLines(client, situations, now);
    },
  };
}
