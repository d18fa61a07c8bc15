import type { ReadyTask } from '../../coordinator/scheduler/ready-task.ts';
import type { Observer } from '../../coordinator/what-if/observer.ts';
import { Simulation } from '../../coordinator/what-if/simulation.ts';
import { Tally } from '../../coordinator/what-if/tally.ts';
import type { World } from '../../coordinator/what-if/world.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { lasting, TaskMaker } from '../support/simulated.ts';

/** Somebody who always has work in line. */
export interface BusyPerson {
	owner: number;
	serviceClass: string;
	type: string;
	/** How long tasks take: uniform between these. */
	ms: readonly [number, number];
	queue?: string;
	/** Tasks that stand in line at first; each that ends is followed by a new one. */
	inLine: number;
}

/** Plays a time in which people always have work, and says what came of it. */
export const busyDay = (options: {
	world: World;
	people: readonly BusyPerson[];
	until: number;
	seed: number;
	observers?: readonly Observer<ReadyTask>[];
}) => {
	const { world, people, until, seed, observers = [] } = options;
	const random = new SeededRandom(seed);
	const tasks = new TaskMaker();
	const byOwner = new Map(people.map((person) => [person.owner, person]));
	const tally = new Tally({ from: 0, until });
	const next = ({ owner, serviceClass, type, queue = 'normal' }: BusyPerson, now: number): ReadyTask =>
		tasks.make(owner, now, { serviceClass, type, routingKey: `${queue}.${type}` });
	const followed: Observer<ReadyTask> = {
		ended: ({ owner }, _, __, now) => simulation.submit(next(byOwner.get(owner)!, now)),
	};
	const runOf = ({ owner }: ReadyTask) => lasting(random.between(...byOwner.get(owner)!.ms));
	const simulation: Simulation = new Simulation({ at: 0, world, runOf, observers: [tally, ...observers, followed] });
	for (const person of people) for (let i = 0; i < person.inLine; i += 1) simulation.submit(next(person, 0));
	simulation.run(until);
	return { outcome: tally.outcome(simulation), tally, simulation };
};
