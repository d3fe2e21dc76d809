/** Every gate and verification of the product, each decision inverted at least once. */
import type { Mutation } from './mutation.js';
import { beforeLanding } from './tables/before-landing.js';
import { fromLanding } from './tables/from-landing.js';
import { inActivities } from './tables/activities.js';
import { inGates } from './tables/gates.js';
import { inGit } from './tables/git.js';
import { inPlan } from './tables/plan.js';

export const mutations: readonly Mutation[] = [
  ...inGates,
  ...inPlan,
  ...inGit,
  ...inActivities,
  ...beforeLanding,
  ...fromLanding,
];
