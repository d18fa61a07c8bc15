import { Button, SegmentedControl } from '@mantine/core';
import { Link } from 'react-router';
import type { NoticeView } from '../../../shared/protocol/notice.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { NOTICE_LOOKS, placeOfSubject } from './notice-words.ts';
import noticeClasses from './notices.module.css';
import { useMarkRead, useNotices, useUnreadNotices } from './use-notices.ts';

/** What failed, what is done and what has paused itself. */
export const NoticesPage = () => {
	useTitle('Notices');
	const [show, setShow] = useSearchParam('show');
	const isUnread = show === 'unread';
	const query = useNotices(isUnread);
	const unread = useUnreadNotices();
	const markRead = useMarkRead();
	const newest = query.rows[0]?.id;
	return (
		<>
			<div className={classes.titleBar}>
				<h1 className={classes.pageTitle}>Notices</h1>
				{unread > 0 && newest !== undefined && (
					<Button
						variant="default"
						leftSection={<Icon name="check" size={16} />}
						loading={markRead.isPending}
						onClick={() => markRead.mutate({ upTo: newest })}
					>
						Mark all as read
					</Button>
				)}
			</div>
			<p className={classes.lead}>
				What failed, what is done and what has paused itself. Have it told to other programs by{' '}
				<Link className={classes.link} to="/account">
					webhooks
				</Link>
				.
			</p>
			<div className={classes.tools}>
				<SegmentedControl
					aria-label="Which notices"
					data={[
						{ value: '', label: 'All' },
						{ value: 'unread', label: unread === 0 ? 'Unread' : `Unread (${unread})` },
					]}
					value={isUnread ? 'unread' : ''}
					onChange={setShow}
				/>
			</div>
			<ReadList
				query={query}
				what="the notices"
				row={(notice) => (
					<NoticeRow notice={notice} isBusy={markRead.isPending} onRead={() => markRead.mutate({ ids: [notice.id] })} />
				)}
				none={
					isUnread ? (
						<EmptyState
							icon="circleCheck"
							title="You have read everything"
							actions={
								<Button variant="default" onClick={() => setShow('')}>
									Show all notices
								</Button>
							}
						>
							What comes next appears here by itself.
						</EmptyState>
					) : (
						<EmptyState icon="bell" title="No notices yet">
							When a job is done, when something fails, or when a schedule pauses itself, it is told here.
						</EmptyState>
					)
				}
			/>
		</>
	);
};

const NoticeRow = (props: { notice: NoticeView; isBusy: boolean; onRead(): void }) => {
	const { id, kind, subject, title, text, count, at, readAt } = props.notice;
	const place = placeOfSubject(subject);
	const isUnread = readAt === null;
	return (
		<>
			<div className={`${classes.words} ${noticeClasses.words}`} data-unread={isUnread || undefined}>
				{isUnread && <span className="millrace-off-screen">Unread:</span>}
				{place === null ? (
					<span className={noticeClasses.title}>{title}</span>
				) : (
					<Link
						className={`${classes.name} ${noticeClasses.title}`}
						to={place}
						onClick={isUnread ? props.onRead : undefined}
					>
						{title}
					</Link>
				)}
				<span>{text}</span>
				<span className={classes.quiet}>
					<RelativeTime at={at} />
					{count > 1 && ` · ${plural(count, 'time')} that day`}
				</span>
			</div>
			<LookChip look={NOTICE_LOOKS[kind]} quiet={kind === 'job-done'} />
			{isUnread && (
				<Button
					variant="default"
					size="sm"
					disabled={props.isBusy}
					onClick={props.onRead}
					aria-describedby={`notice-${id}`}
				>
					Mark as read
					<span id={`notice-${id}`} className="millrace-off-screen">
						{' '}
						{title}
					</span>
				</Button>
			)}
		</>
	);
};
