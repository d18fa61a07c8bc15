import type { EveryonesKind } from '../shared/protocol/everyones-thing.ts';
import { listEveryonesDatasets } from './datasets/everyones-store.ts';
import { listEveryonesWebhooks } from './notices/everyones-store.ts';
import { listEveryonesRecipes, listEveryonesTriggers } from './recipes/everyones-store.ts';
import { listEveryonesSchedules } from './schedules/everyones-store.ts';
import { listEveryonesSources } from './sources/everyones-store.ts';
import type { EveryonesPage } from './things/everyones-page.ts';

/** Which room gives which kind of everybody's things. */
export const EVERYONES_PAGES: Readonly<Record<EveryonesKind, EveryonesPage>> = {
	recipe: listEveryonesRecipes,
	trigger: listEveryonesTriggers,
	schedule: listEveryonesSchedules,
	source: listEveryonesSources,
	dataset: listEveryonesDatasets,
	webhook: listEveryonesWebhooks,
};
