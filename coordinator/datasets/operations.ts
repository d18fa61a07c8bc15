import { listDatasets, readDataset } from './access-store.ts';
import { addEntries } from './coming-store.ts';
import { changeDataset, createDataset, createSample, listDatasetVersions } from './dataset-store.ts';
import { findDatasetContent, findDatasetVersion, listDatasetFolder, listEntries } from './entry-store.ts';
import { listEveryonesDatasets } from './everyones-store.ts';
import { acceptLicence, readGrants, writeGrants } from './grants-store.ts';
import { resolveDatasetInputs } from './input-store.ts';
import { findLinkedHashes, findLinkedPlaces, forgetLinkedHashes, listLinkedRoots, noteLinked } from './linked-store.ts';
import { findDatasetPlace } from './place-store.ts';
import {
	cleanPublication,
	endPublication,
	markForRemoval,
	publishDataset,
	readPublications,
} from './publication-store.ts';
import { findRemovable, removeRetired, retireDataset } from './retire-store.ts';
import { pinDatasetPart, readDatasetPart } from './selection-store.ts';

/** All SQL of this room. */
export const DATASET_OPERATIONS = [
	listDatasets,
	readDataset,
	createDataset,
	createSample,
	changeDataset,
	listDatasetVersions,
	listEntries,
	listDatasetFolder,
	findDatasetContent,
	findDatasetPlace,
	findDatasetVersion,
	readGrants,
	writeGrants,
	acceptLicence,
	resolveDatasetInputs,
	pinDatasetPart,
	readDatasetPart,
	publishDataset,
	readPublications,
	cleanPublication,
	markForRemoval,
	addEntries,
	endPublication,
	findLinkedHashes,
	findLinkedPlaces,
	forgetLinkedHashes,
	listLinkedRoots,
	noteLinked,
	retireDataset,
	findRemovable,
	removeRetired,
	listEveryonesDatasets,
];
