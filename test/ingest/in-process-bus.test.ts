import {createInProcessBus} from '../../ingest/adapters/in-process-bus.ts';
import {BUS_LIMITS, busContract} from './bus-contract.ts';

busContract(async () => {
  const bus = createInProcessBus(BUS_LIMITS);
  return {bus, promises: 'at commit', close: () => bus.close()};
});
