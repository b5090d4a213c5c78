import {pgLeaseBook} from '../../platform/lease-book.ts';
import {openTestDatabase} from '../support/database.ts';
import {leaseBookContract} from './lease-book-contract.ts';

leaseBookContract(async () => {
  const database = await openTestDatabase();
  const pool = database.poolFor('forestock_predict');
  return {
    book: pgLeaseBook(pool),
    lapse: (owner) =>
      pool.query(`UPDATE platform.partition_lease SET until_wall = '-infinity' WHERE owner = $1`, [owner]),
    setBack: (hours) =>
      pool.query('UPDATE platform.partition_lease SET until_wall = until_wall + make_interval(hours => $1)', [
        hours,
      ]),
    close: () => database.close(),
  };
});
