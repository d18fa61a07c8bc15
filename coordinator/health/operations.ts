import { readAlerts, tellAlerts, testAlerts } from './alert-store.ts';
import { readFailingSchedules } from './health-store.ts';

/** All SQL of this room. */
export const HEALTH_OPERATIONS = [readFailingSchedules, readAlerts, tellAlerts, testAlerts];
