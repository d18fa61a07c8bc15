/** Somebody is asked for the password again; all that is refused meanwhile waits for the same answer. */
export interface FreshAuthQuestion {
	answer(isConfirmed: boolean): void;
}

let question: FreshAuthQuestion | null = null;
let answer: Promise<boolean> | null = null;
const listeners = new Set<() => void>();
const tell = (): void => {
	for (const listener of listeners) listener();
};

export const currentQuestion = (): FreshAuthQuestion | null => question;

export const onQuestion = (listener: () => void): (() => void) => {
	listeners.add(listener);
	return () => {
		listeners.delete(listener);
	};
};

/** Has the person show the password again; false: they would not, or nothing is there to ask them by. */
export const askFreshAuth = (): Promise<boolean> => {
	if (listeners.size === 0) return Promise.resolve(false);
	answer ??= new Promise((resolve) => {
		question = {
			answer: (isConfirmed) => {
				question = null;
				answer = null;
				tell();
				resolve(isConfirmed);
			},
		};
		tell();
	});
	return answer;
};
