import { useQuery } from '@tanstack/react-query';
import { listTasks } from '../../../shared/client/tasks.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

const LATELY = 100;

/** The person’s last tasks of a type that are over: by them one tells how long such tasks wait and take. */
export const useLately = (type: string) =>
	useQuery({
		queryKey: keys.lately(type),
		queryFn: ({ signal }) => listTasks(http, { type, state: 'final', limit: LATELY }, { signal }),
	});
