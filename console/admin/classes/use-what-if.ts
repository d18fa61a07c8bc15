import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { askWhatIf, readWhatIfProgress } from '../../../shared/client/what-if.ts';
import type { ServiceClassSettings } from '../../../shared/protocol/service-class.ts';
import type { WhatIfAnswer, WhatIfProgress } from '../../../shared/protocol/what-if.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

const LOOK_EVERY_MS = 400;

/** Times of which one can ask, back from now. */
export const PERIODS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000 } as const;
export type Period = keyof typeof PERIODS;

export interface WhatIfQuestion {
	settings: ServiceClassSettings;
	period: Period;
}

export interface WhatIfState {
	isRunning: boolean;
	progress: WhatIfProgress | null;
	/** Of the question that was asked last. */
	answer: WhatIfAnswer | null;
	asked: WhatIfQuestion | null;
	error: Error | null;
	isCancelled: boolean;
	period: Period;
	setPeriod(period: Period): void;
	ask(settings: ServiceClassSettings): void;
	cancel(): void;
}

/** Asks what other settings of a class would have made of a recorded time; one question at a time. */
export const useWhatIf = (name: string): WhatIfState => {
	const [period, setPeriod] = useState<Period>('24h');
	const [isCancelled, setIsCancelled] = useState(false);
	const running = useRef<AbortController | null>(null);
	const question = useMutation({
		async mutationFn({ settings, period: asked }: WhatIfQuestion) {
			const controller = new AbortController();
			running.current = controller;
			const to = Date.now();
			const wish = {
				from: new Date(to - PERIODS[asked]).toISOString(),
				to: new Date(to).toISOString(),
				classes: { [name]: settings },
			};
			try {
				return await askWhatIf(http, wish, { signal: controller.signal });
			} catch (error) {
				// A question that was taken back has no answer and no fault.
				if (controller.signal.aborted) return null;
				throw error;
			}
		},
	});
	const { mutate, isPending } = question;
	const looking = useQuery({
		queryKey: [...keys.classes, 'what-if-progress'],
		queryFn: ({ signal }) => readWhatIfProgress(http, { signal }),
		enabled: isPending,
		refetchInterval: LOOK_EVERY_MS,
		gcTime: 0,
	});
	// Who leaves does not wait for it any more; the server ends its thread.
	useEffect(() => () => running.current?.abort(), []);
	const ask = useCallback(
		(settings: ServiceClassSettings) => {
			setIsCancelled(false);
			mutate({ settings, period });
		},
		[mutate, period],
	);
	const cancel = useCallback(() => {
		setIsCancelled(true);
		running.current?.abort();
	}, []);
	return {
		isRunning: isPending,
		progress: isPending ? (looking.data?.progress ?? null) : null,
		answer: question.data ?? null,
		asked: question.variables ?? null,
		error: question.error,
		...{ isCancelled, period, setPeriod, ask, cancel },
	};
};
