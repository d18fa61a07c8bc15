import { useQuery } from '@tanstack/react-query';
import { listBans } from '../../../shared/client/bans.ts';
import { readMail } from '../../../shared/client/mail.ts';
import { readLog, readSettings, readStorage } from '../../../shared/client/settings.ts';
import { listChores, readBackups, readDamaged } from '../../../shared/client/upkeep.ts';
import type { BackupsView } from '../../../shared/protocol/backup.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

/** While something is under way that one waits for. */
const SOON_MS = 1_000;
const NOW_AND_THEN_MS = 15_000;
const LOG_MS = 5_000;
const LOG_LINES = 500;

export const useStartedWith = () =>
	useQuery({ queryKey: keys.startedWith, queryFn: ({ signal }) => readSettings(http, { signal }) });

export const useStorage = () =>
	useQuery({
		queryKey: keys.storage,
		queryFn: ({ signal }) => readStorage(http, { signal }),
		refetchInterval: NOW_AND_THEN_MS,
	});

export const useDamaged = () =>
	useQuery({ queryKey: keys.damaged, queryFn: ({ signal }) => readDamaged(http, { signal }) });

export const isBusy = ({ now, checks }: BackupsView): boolean =>
	now !== null || checks.some(({ finishedAt }) => finishedAt === null);

export const useBackups = () =>
	useQuery({
		queryKey: keys.backups,
		queryFn: ({ signal }) => readBackups(http, { signal }),
		refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? SOON_MS : NOW_AND_THEN_MS),
	});

export const useChores = () =>
	useQuery({
		queryKey: keys.chores,
		queryFn: ({ signal }) => listChores(http, { signal }),
		refetchInterval: ({ state }) =>
			state.data?.some(({ isRunning, everyMs }) => isRunning && everyMs > NOW_AND_THEN_MS) ? SOON_MS : NOW_AND_THEN_MS,
	});

export const useMail = () =>
	useQuery({
		queryKey: keys.mail,
		queryFn: ({ signal }) => readMail(http, { signal }),
		refetchInterval: NOW_AND_THEN_MS,
	});

export const useBans = () =>
	useQuery({
		queryKey: keys.bans,
		queryFn: ({ signal }) => listBans(http, { signal }),
		refetchInterval: NOW_AND_THEN_MS,
	});

export const useLog = (follows: boolean) =>
	useQuery({
		queryKey: keys.log,
		queryFn: ({ signal }) => readLog(http, LOG_LINES, { signal }),
		refetchInterval: follows ? LOG_MS : false,
	});
