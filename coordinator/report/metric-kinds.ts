import { Counter, Gauge, type Registry } from 'prom-client';

/** Gives one value for its labels. */
export type SetValue = (labels: Record<string, string>, value: number) => void;
/** Tells all values as they are now. */
export type ReadValues = (set: SetValue) => void;

/** Metrics whose truth is kept by a room: set to what it says whenever they are read. */
export const metricKinds = (registry: Registry) => {
	const registers = [registry];
	return {
		counter: (name: string, help: string, labelNames: string[], read: ReadValues) =>
			new Counter({
				...{ name, help, labelNames, registers },
				collect() {
					this.reset();
					read((labels, value) => this.inc(labels, value));
				},
			}),
		gauge: (name: string, help: string, labelNames: string[], read: ReadValues) =>
			new Gauge({
				...{ name, help, labelNames, registers },
				collect() {
					this.reset();
					// What has no labels is 0 after a reset; what is not known is not 0.
					if (labelNames.length === 0) this.remove();
					read((labels, value) => this.set(labels, value));
				},
			}),
	};
};
