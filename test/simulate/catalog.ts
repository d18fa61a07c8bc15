import type { Scenario } from './scenario.ts';
import { bigFleet } from './scenarios/big-fleet.ts';
import { blocked } from './scenarios/blocked.ts';
import { decisionCost } from './scenarios/decision-cost.ts';
import { equals } from './scenarios/equals.ts';
import { flood } from './scenarios/flood.ts';
import { idleWork } from './scenarios/idle-work.ts';
import { lowestBand } from './scenarios/lowest-band.ts';
import { startRate } from './scenarios/start-rate.ts';
import { weights } from './scenarios/weights.ts';

/** What is asserted of the policy: the short form is part of the tests. */
export const POLICY: readonly Scenario[] = [equals, weights, flood, lowestBand, idleWork, startRate, blocked];

/** How much it costs. */
const COSTS: readonly Scenario[] = [decisionCost, bigFleet];

export const SCENARIOS: readonly Scenario[] = [...POLICY, ...COSTS];
