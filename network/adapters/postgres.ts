import {causeId, canonicalJson} from '../../platform/ids.ts';
import {inTransaction, type Pool, type Queryable} from '../../platform/pg.ts';
import type {NetworkBooks, NetworkPorts} from '../ports.ts';
import {bookkeeping, eventLog, orderBooks, passReadings} from './bookkeeping.ts';
import {answerBooks} from './answer-books.ts';
import {feedBooks} from './feed-books.ts';
import {masterBooks} from './master-books.ts';
import {positionBooks} from './position-books.ts';
import {reportBooks} from './report-books.ts';
import {shareBooks} from './share-books.ts';
import {statementBooks} from './statement-books.ts';
import {stockBooks} from './stock-books.ts';

/** The books on one connection, inside its transaction. */
function booksOn(db: Queryable): NetworkBooks {
  return {
    ...eventLog(db),
    ...positionBooks(db),
    ...stockBooks(db),
    ...shareBooks(db),
    ...orderBooks(db),
    ...bookkeeping(db),
    ...masterBooks(db),
    ...feedBooks(db),
    ...answerBooks(db),
    ...reportBooks(db),
    ...statementBooks(db),
  };
}

/** @param pool  Its connections work under the role `forestock_network`. */
export function openNetworkPorts(
  pool: Pool,
  options: Pick<NetworkPorts, 'worldClock' | 'partitions' | 'autoIssue'>,
): NetworkPorts {
  return {
    ...options,
    causeId,
    canonicalJson,
    passReadings: () => passReadings(pool),
    transaction: (work) =>
      inTransaction(
        pool,
        (client) => work(booksOn(client)),
        'read committed',
        `SELECT pg_advisory_xact_lock(hashtext('forestock.network.writer'))`,
      ),
  };
}
