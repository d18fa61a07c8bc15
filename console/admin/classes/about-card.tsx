import { Link } from 'react-router';
import type { ServiceClassView } from '../../../shared/protocol/service-class.ts';
import { formatCount } from '../../kit/format.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { RelativeTime } from '../../kit/time.tsx';
import { tasksOf } from './class-links.ts';
import { words } from './words.ts';

/** To whom the class is given, and what goes by it now. */
export const AboutCard = ({ view: { name, version, updatedAt, given, now } }: { view: ServiceClassView }) => (
	<section className={page.card} aria-label={words.about}>
		<h2>{words.about}</h2>
		<dl className={page.facts}>
			<Fact name={words.given}>
				<Link to={`/users?class=${name}`}>{words.people(given.users)}</Link>,{' '}
				<Link to={`/groups?class=${name}`}>{words.groups(given.groups)}</Link>
			</Fact>
			<Fact name={words.inLine}>
				<Link to={tasksOf(name, 'queued')}>{formatCount(now.queued)}</Link>
			</Fact>
			<Fact name={words.running}>
				<Link to={tasksOf(name, 'running')}>{formatCount(now.running)}</Link>
			</Fact>
			<Fact name={words.version}>{version}</Fact>
			<Fact name={words.changedAt}>
				<RelativeTime at={updatedAt} />
			</Fact>
		</dl>
	</section>
);
