import {
	addBudget,
	changeBudget,
	listBudgets,
	readBudget,
	readBudgetsOf,
	removeBudget,
	tellRefused,
	watchBudgets,
} from './budget-store.ts';
import { forecastTasks } from './forecast-store.ts';

/** All SQL of this room that is asked for by itself. */
export const BUDGET_OPERATIONS = [
	addBudget,
	changeBudget,
	listBudgets,
	readBudget,
	readBudgetsOf,
	removeBudget,
	tellRefused,
	watchBudgets,
	forecastTasks,
];
