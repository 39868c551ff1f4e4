/**
 * The owner's and the installer's main stories, the same in every engine that people have:
 * Chromium, Firefox, and WebKit for iPhones. Real clicks, keys and files. Pictures:
 * test-results/engines.
 */
import { test } from '@playwright/test';
import { ENGINES } from './engines.ts';
import { installerPrepares } from './installer-stories.ts';
import { ownerIsAtHome, ownerLeaves, ownerLooks, ownerWrites } from './owner-stories.ts';
import { sceneOf } from './scene.ts';
import { adminLooks, ownerFindsSensors } from './sensor-stories.ts';

for (const [index, kind] of ENGINES.entries()) {
  test.describe(kind.name, () => {
    const scene = sceneOf(kind);
    ownerLooks(scene);
    ownerWrites(scene);
    ownerIsAtHome(scene);
    ownerFindsSensors(scene);
    ownerLeaves(scene);
    installerPrepares(scene, `JBNB096${index}`);
    adminLooks(scene);
  });
}
