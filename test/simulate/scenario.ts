/** One figure of a scenario; its bar is what it must reach. */
export interface SimulatedFigure {
	what: string;
	unit: string;
	value: number;
	bar?: { least: number } | { most: number };
}

/** What one scenario came to, for the report. */
export interface Findings {
	figures: SimulatedFigure[];
	/** File name without its end -> SVG. */
	plots: Record<string, string>;
	/** More tables in Markdown, with a sentence before each. */
	tables?: string[];
}

export interface Scenario {
	name: string;
	title: string;
	/** What is played, in a sentence or three. */
	about: string;
	/** `scale` 1 is the whole size; smaller is a short look. */
	play(options: { scale: number; seed: number }): Findings;
}

export const isReached = ({ value, bar }: SimulatedFigure): boolean =>
	bar === undefined || ('least' in bar ? value >= bar.least : value <= bar.most);
