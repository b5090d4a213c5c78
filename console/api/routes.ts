import type {Route} from './route.ts';
import {decisionRoutes} from './routes/decisions.ts';

/** Every route of the API. */
export const ROUTES: readonly Route[] = [...decisionRoutes];
