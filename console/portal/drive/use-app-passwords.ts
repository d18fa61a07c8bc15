import { useQuery } from '@tanstack/react-query';
import { type AppPasswordView, deleteAppPassword, listAppPasswords } from '../../../shared/client/app-passwords.ts';
import { useEnding } from '../../kit/account/use-ending.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

export const useAppPasswords = () =>
	useQuery({ queryKey: keys.appPasswords, queryFn: ({ signal }) => listAppPasswords(http, { signal }) });

export const useRevoking = () =>
	useEnding<AppPasswordView>({
		key: keys.appPasswords,
		done: ({ name }) => `${name} is revoked: programs that use it are shut out`,
		end: ({ id }) => deleteAppPassword(http, id),
	});
