import type { Policy, PolicyBook } from '../../coordinator/qos/policy.ts';
import { type ServiceClassInput, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';

/** Classes as a test likes them; everybody who was given none is in one that limits nothing. */
export class TestBook implements PolicyBook {
	readonly #ofPeople = new Map<number, Policy>();
	readonly #plain = policyOf('standard', {});

	/** Puts a person into a class of the person's own, named like this. */
	give(userSeq: number, settings: ServiceClassInput, serviceClass = 'tight'): void {
		this.#ofPeople.set(userSeq, policyOf(serviceClass, settings));
	}

	of(userSeq: number): Policy {
		return this.#ofPeople.get(userSeq) ?? this.#plain;
	}

	ofClass(name: string): Policy {
		for (const policy of this.#ofPeople.values()) if (policy.serviceClass === name) return policy;
		return this.#plain;
	}
}

export const policyOf = (serviceClass: string, settings: ServiceClassInput): Policy => ({
	serviceClass,
	version: 1,
	settings: serviceClassSettingsSchema.parse(settings),
	source: { by: 'user' },
});
