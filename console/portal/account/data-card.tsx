import { OWN_EXPORT } from '../../../shared/client/rights.ts';
import { Card } from '../../kit/account/card.tsx';

/** What one may ask of whoever keeps one's data. */
export const DataCard = () => (
	<Card
		title="Your data"
		lead="Everything that is kept about you, as one zip: your files with all versions, and records of what you did."
	>
		<p>
			<a href={OWN_EXPORT} download>
				Download my data
			</a>
		</p>
		<p>To have your account and all that is yours deleted, ask an administrator.</p>
	</Card>
);
