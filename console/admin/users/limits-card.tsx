import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { readUserPolicy } from '../../../shared/client/service-classes.ts';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { limitWords } from './limit-words.ts';
import { words } from './words.ts';

/** Which class counts for somebody now and why, and what its quotas and caps let them. */
export const LimitsCard = ({ person: { id } }: { person: PersonView }) => {
	const { data, error } = useQuery({
		queryKey: keys.personPolicy(id),
		queryFn: ({ signal }) => readUserPolicy(http, id, { signal }),
	});
	return (
		<section className={page.card}>
			<h2>{words.countsNow}</h2>
			{data === undefined ? (
				error ? (
					<p className={page.fault} role="alert">
						{errorText(error)}
					</p>
				) : (
					<LoadingState what={words.countsNow} rows={4} />
				)
			) : (
				<>
					<p className={page.quiet}>{words.classNow(data.serviceClass, data.because)}</p>
					<dl className={page.facts}>
						{limitWords(data.values).map(({ path, name, value }) => (
							<Fact key={path} name={name}>
								{value ?? words.noLimit}
							</Fact>
						))}
					</dl>
					<p className={page.quiet}>
						{words.editClass}{' '}
						<Link className={page.link} to={`/classes/${encodeURIComponent(data.serviceClass)}`}>
							{words.openClass(data.serviceClass)}
						</Link>
					</p>
				</>
			)}
		</section>
	);
};
