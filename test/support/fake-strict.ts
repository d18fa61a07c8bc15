import { EventEmitter } from 'node:events';

type Listener = (...args: never[]) => unknown;
export type Named = Record<string, unknown>;

/** An object that throws when something is asked of it that it does not have. */
export const strict = <T extends object>(name: string, members: T): T =>
	new Proxy(members, {
		get(target, key) {
			if (typeof key === 'symbol' || key === 'then' || key in target) return Reflect.get(target, key, target);
			throw new Error(`the fake of Electron does not model ${name}.${String(key)}`);
		},
	});

/** Whoever emits events that are among these. */
export const emitter = (name: string, events: readonly string[]) => {
	const inner = new EventEmitter();
	const known = (event: string) => {
		if (!events.includes(event)) throw new Error(`the fake of Electron does not model the event ${event} of ${name}`);
	};
	return {
		on(event: string, listener: Listener) {
			known(event);
			inner.on(event, listener as (...args: unknown[]) => void);
		},
		once(event: string, listener: Listener) {
			known(event);
			inner.once(event, listener as (...args: unknown[]) => void);
		},
		/** For the test: resolves to whether the default was prevented. */
		tell(event: string, details: Named = {}, ...more: unknown[]): boolean {
			known(event);
			let isPrevented = false;
			const told = {
				...details,
				preventDefault: () => {
					isPrevented = true;
				},
			};
			inner.emit(event, told, ...more);
			return isPrevented;
		},
	};
};
