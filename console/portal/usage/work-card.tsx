import { Link } from 'react-router';
import type { UsageAnswer } from '../../../shared/protocol/usage.ts';
import { costWords } from '../../kit/money.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { useTaskTypes } from '../remote/use-tasks.ts';
import classes from './usage.module.css';
import { workRows } from './usage-words.ts';

/** What it was used for, by kind of work. */
export const WorkCard = ({ items, currency }: { items: UsageAnswer['items']; currency: string | null }) => {
	const types = useTaskTypes().data?.items ?? [];
	const rows = workRows(items, (type) => types.find(({ name }) => name === type)?.title ?? type);
	const most = Math.max(1, ...rows.map(({ amountMicro }) => amountMicro));
	return (
		<section className={pageClasses.card}>
			<h2>By kind of work</h2>
			<table className={classes.table}>
				<thead>
					<tr>
						<th scope="col">What</th>
						<th scope="col">Used</th>
						{currency !== null && <th scope="col">Cost</th>}
					</tr>
				</thead>
				<tbody>
					{rows.map(({ what, title, isTask, words, amountMicro }) => (
						<tr key={what}>
							<th scope="row">
								{isTask ? (
									<Link className={pageClasses.link} to={`/tasks?type=${encodeURIComponent(what)}`}>
										{title}
									</Link>
								) : (
									title
								)}
							</th>
							<td>{words}</td>
							{currency !== null && (
								<td>
									{costWords(amountMicro, currency)}
									<svg className={classes.share} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
										<rect width={Math.max(0, (amountMicro / most) * 100)} height={4} />
									</svg>
								</td>
							)}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
};
