import { useQuery } from '@tanstack/react-query';
import { listNotices, markNoticesRead } from '../../../shared/client/notices.ts';
import type { ReadNotices } from '../../../shared/protocol/notice.ts';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys } from '../remote/keys.ts';

const PAGE = 50;

/** One’s notices, the newest first. */
export const useNotices = (unread: boolean) =>
	usePages(keys.noticeList(unread), PAGE, (page, signal) =>
		listNotices(http, { ...page, ...(unread ? { unread } : {}) }, { signal }),
	);

/** How many were not read; zero until that is known. */
export const useUnreadNotices = (): number => {
	const { data } = useQuery({
		queryKey: keys.unreadNotices,
		queryFn: async ({ signal }) => (await listNotices(http, { limit: 1 }, { signal })).unread,
	});
	return data ?? 0;
};

export const useMarkRead = () =>
	useAct<ReadNotices>({
		act: (which) => markNoticesRead(http, which),
		key: keys.notices,
		failed: 'That was not marked as read',
	});
