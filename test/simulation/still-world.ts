import {streamOf} from '../../simulator/random.ts';
import {Line, Process, Server} from '../../simulation/line.ts';
import {MemoryDatabase} from '../../simulation/memory-database.ts';
import {DatabaseLine} from '../../simulation/store-database.ts';
import {VirtualTime} from '../../simulation/virtual-time.ts';
import {Weather} from '../../simulation/weather.ts';

/** A database of the simulation in calm weather, whose time runs as long as the test does. */
export function stillWorld(): {
  readonly time: VirtualTime;
  readonly line: DatabaseLine;
  close(): Promise<void>;
} {
  const time = new VirtualTime();
  const weather = new Weather(streamOf(1, 'weather'));
  weather.calmDown();
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
    time,
    line,
    async close() {
      open = false;
      await running;
    },
  };
}
