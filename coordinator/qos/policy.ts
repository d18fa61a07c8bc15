import type { ClassSource, ServiceClassSettings } from '../../shared/protocol/service-class.ts';

/** What somebody gets, and why: the class that counts now. */
export interface Policy {
	serviceClass: string;
	/** Version of the class. */
	version: number;
	settings: ServiceClassSettings;
	source: ClassSource;
}

/** Whoever limits or orders people asks this; it answers from memory. */
export interface PolicyBook {
	/** Of a person now. */
	of(userSeq: number): Policy;
	/** Of a class by name; the standard class's when there is none of that name. */
	ofClass(name: string): Policy;
}
