import { useQuery } from '@tanstack/react-query';
import { readHealth } from '../../../shared/client/health.ts';
import { readHistory } from '../../../shared/client/history.ts';
import { readClassWaits } from '../../../shared/client/waits.ts';
import { FAILURE_REASONS, failedMeasure } from '../../../shared/protocol/history.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

const REREAD_MS = 15_000;

export const useHealth = () =>
	useQuery({
		queryKey: keys.health,
		queryFn: ({ signal }) => readHealth(http, { signal }),
		refetchInterval: REREAD_MS,
	});

const MEASURES = ['inPerSecond', 'outPerSecond', 'diskFreeBytes', ...FAILURE_REASONS.map(failedMeasure)].join(',');

/** The last hour of everything together. */
export const usePace = () =>
	useQuery({
		queryKey: keys.lastHour,
		queryFn: ({ signal }) => readHistory(http, 'coordinator', '', { measures: MEASURES }, { signal }),
		refetchInterval: REREAD_MS,
	});

export const useClassWaits = () =>
	useQuery({
		queryKey: keys.waits,
		queryFn: ({ signal }) => readClassWaits(http, { signal }),
		refetchInterval: REREAD_MS,
	});
