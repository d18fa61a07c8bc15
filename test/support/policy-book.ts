import type { KnownClass } from '../../coordinator/qos/class-resolution.ts';
import type { Policy, PolicyBook } from '../../coordinator/qos/policy.ts';
import { type ServiceClassInput, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';

/** Classes as a test likes them; everybody who was given none is in one that limits nothing. */
export class TestBook implements PolicyBook {
	readonly #ofPeople = new Map<number, Policy>();
	readonly #classes = new Map([['standard', policyOf('standard', {})]]);

	/** Puts a person into a class of this name, which is made or changed. */
	give(userSeq: number, settings: ServiceClassInput, serviceClass = 'tight'): void {
		this.#ofPeople.set(userSeq, this.make(serviceClass, settings));
	}

	/** Makes or changes a class. */
	make(serviceClass: string, settings: ServiceClassInput): Policy {
		const policy = policyOf(serviceClass, settings);
		this.#classes.set(serviceClass, policy);
		return policy;
	}

	of(userSeq: number): Policy {
		return this.#ofPeople.get(userSeq) ?? this.ofClass('standard');
	}

	ofClass(name: string): Policy {
		return this.#classes.get(name) ?? this.#classes.get('standard')!;
	}

	classes(): KnownClass[] {
		return Array.from(this.#classes.values(), ({ serviceClass, ...known }) => ({ name: serviceClass, ...known }));
	}

	isValid(name: string): boolean | null {
		return this.#classes.has(name) || null;
	}
}

export const policyOf = (serviceClass: string, settings: ServiceClassInput): Policy => ({
	serviceClass,
	version: 1,
	settings: serviceClassSettingsSchema.parse(settings),
	source: { by: 'user' },
});
