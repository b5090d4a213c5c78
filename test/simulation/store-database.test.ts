import {streamOf} from '../../simulator/random.ts';
import {Line, Process, Server} from '../../simulation/line.ts';
import {MemoryDatabase} from '../../simulation/memory-database.ts';
import {MemoryStoreTables} from '../../simulation/memory-store.ts';
import {DatabaseLine, storeDatabase} from '../../simulation/store-database.ts';
import {VirtualTime} from '../../simulation/virtual-time.ts';
import {Weather} from '../../simulation/weather.ts';
import {databaseContract} from '../ingest/store/database-contract.ts';

databaseContract(async () => {
  const time = new VirtualTime();
  const weather = new Weather(streamOf(1, 'weather'));
  weather.calmDown();
  const tables = new MemoryStoreTables();
  const line = new DatabaseLine(new MemoryDatabase(), {
    server: new Server('database'),
    line: new Line(time, weather),
    process: new Process('store'),
    weather,
  });
  let open = true;
  const running = (async () => {
    while (open) if (!(await time.step())) await new Promise((resolve) => setImmediate(resolve));
  })();
  return {
    database: storeDatabase(line, tables),
    claim: (partitions) => line.inTransaction((rows) => tables.claimHeads(rows, partitions, 'store')),
    async close() {
      open = false;
      await running;
    },
  };
});
