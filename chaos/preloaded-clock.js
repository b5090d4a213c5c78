// Preloaded into a stage's process (`node --import`): its wall clock is the machine's plus what CHAOS_CLOCK_FILE says, in ms, so that one
// process can be stepped and its neighbours not. As with a machine whose clock is set, timers and performance.now() go on as if nothing
// had happened. Plain JavaScript, because the stages run without anything that reads TypeScript.
import {readFileSync} from 'node:fs';
import {setInterval} from 'node:timers';

const LOOK_EVERY_MS = 100;
const file = process.env['CHAOS_CLOCK_FILE'];
const MachineDate = Date;
let stepMs = 0;

function look() {
  try {
    stepMs = Number(readFileSync(file, 'utf8'));
  } catch {
    stepMs = 0; // nobody has stepped it yet
  }
}

look();
setInterval(look, LOOK_EVERY_MS).unref();

const now = () => MachineDate.now() + stepMs;
globalThis.Date = new Proxy(MachineDate, {
  construct: (date, given, newTarget) =>
    Reflect.construct(date, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new MachineDate(now()).toString(),
  get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
});
MachineDate.prototype.constructor = globalThis.Date;
