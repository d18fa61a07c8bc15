import type { Ledger } from '../database/ledger.ts';
import type { Settler } from '../files/settler.ts';
import type { Happenings } from '../happenings/happenings.ts';
import type { Route } from '../qos/allowed-keys.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { TaskTypes } from '../queue/task-types.ts';
import type { Logger } from '../report/logger.ts';
import { Accesses } from './accesses.ts';
import { Followers } from './followers.ts';
import { Placements } from './placements.ts';
import { Planner } from './planner.ts';
import { RecipeRules } from './recipe-rules.ts';
import { Recipes } from './recipes.ts';
import { StepResolver } from './step-resolver.ts';
import { type TermsOf, termsBy } from './task-terms.ts';
import { TriggerBooks } from './trigger-book.ts';
import { Triggers } from './triggers.ts';

/** What the planning of uploads is made of; it is there before the queue's followers are. */
export interface Planning {
	books: TriggerBooks;
	resolver: StepResolver;
	termsOf: TermsOf;
	planner: Planner;
}

export const openPlanning = (parts: {
	ledger: Ledger;
	types: Pick<TaskTypes, 'newest'>;
	policies: Parameters<typeof termsBy>[0];
	route: Route;
}): Planning => {
	const { ledger, types, policies, route } = parts;
	const resolver = new StepResolver((name) => types.newest(name));
	const termsOf = termsBy(policies, route);
	return { books: new TriggerBooks(ledger), resolver, termsOf, planner: new Planner({ resolver, termsOf }) };
};

/** Builds the room: what people save, what starts by itself, and what follows later. */
export const openRecipes = (parts: {
	ledger: Ledger;
	queue: Pick<TaskQueue, 'accepted'>;
	happenings: Happenings;
	logger: Logger;
	planning: Planning;
	/** Of files that clients of the drive may not be done with. */
	settler: Pick<Settler, 'wake'>;
}) => {
	const { ledger, queue, happenings, logger, planning, settler } = parts;
	const { books, resolver, termsOf, planner } = planning;
	const rules = new RecipeRules({ resolver, termsOf });
	const followers = new Followers({ ledger, queue, books, planner });
	const placements = new Placements({
		...{ ledger, queue, books, planner },
		happened: (last) => happenings.committed(last),
		waits: () => settler.wake(),
	});
	happenings.on('trigger.typed', (page) => followers.typed(page));
	happenings.on('file.filed', (page) => followers.filed(page));
	happenings.on('file.placed', (page) => placements.placed(page));
	happenings.on('folder.placed', (page) => placements.placedFolders(page));
	return {
		rules,
		recipes: new Recipes({ ledger, books, rules }),
		triggers: new Triggers({ ledger, books, resolver, termsOf }),
		accesses: new Accesses({ ledger, queue, books, planner, logger }),
	};
};
